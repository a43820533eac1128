// What is longer than the screen is shown in a pager, as git does it.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { Terminal } from "./pty.ts";
import { record } from "./record.ts";
import { terminalTest } from "./tools.ts";

/** A repository of so many experiments with a name each. */
async function repositoryOf(folder: string, count: number): Promise<string> {
  const repo = `${folder}/r`;
  await dbx(["log", "-q", "-R", repo, "--name", "n0", "e", "x=0.123456789"]);
  const [{ id }] = JSON.parse((await dbx(["ls", "-R", repo, "--json"])).stdout);
  const definition = await Deno.readTextFile(`${repo}/n0/${id}/meta.json`);
  for (let at = 1; at < count; at++) {
    const other = String(at).padStart(13, "0");
    const text = definition.replaceAll(id, other).replaceAll("n0", `n${at}`);
    await Deno.mkdir(`${repo}/n${at}/${other}`, { recursive: true });
    await Deno.writeTextFile(`${repo}/n${at}/${other}/meta.json`, text);
  }
  return repo;
}

terminalTest("a pager: a long list in less, which an interrupt does not end; a short one stays [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const repo = await repositoryOf(folder.path, 45);
  const options = { cwd: folder.path, env: { ...env, PAGER: "less" }, columns: 100, rows: 15 };
  {
    await using terminal = await Terminal.start(`dbx ls -R ${repo} -n 0 --sort name; echo "ended $?"`, options);
    await terminal.waitForScreen("the first page", (screen) => /n0 /.test(screen) && /^:$/m.test(screen));
    await terminal.press("C-c");
    await terminal.pressUntil("G", "the last page", (screen) => /n9 /.test(screen));
    await terminal.press("q");
    assertStringIncludes(await terminal.waitFor(/ended \d/), "ended 0");
  }
  {
    // Less is left before all has come.
    await using terminal = await Terminal.start(`dbx schema -R ${repo}; echo "ended $?"`, options);
    await terminal.waitForScreen("the first page", (screen) => /^:$/m.test(screen));
    await terminal.press("q");
    assertStringIncludes(await terminal.waitFor(/ended \d/), "ended 0");
  }
  {
    await using terminal = await Terminal.start(`dbx ls -R ${repo} -n 5; echo "ended $?"`, options);
    assertStringIncludes(await terminal.waitFor(/ended \d/), "… 40 more; -n 0 shows all");
  }
});

terminalTest("a pager: which one it is, and where there is none [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const repo = await repositoryOf(folder.path, 2);
  const pager = `${folder.path}/pager`;
  await Deno.writeTextFile(pager, '#!/bin/sh\necho "paged $1 $LESS"\ncat\n', { mode: 0o755 });
  const shown = async (line: string, more: Record<string, string>) =>
    (await record(line, { cwd: folder.path, env: { ...env, ...more }, columns: 100 })).lines.filter((text) =>
      text !== ""
    );
  // A dumb terminal is one of ASCII.
  const inAscii = (lines: readonly string[]) => lines.map((line) => line.replaceAll("…", "..."));
  const [first, ...rest] = await shown(`dbx schema -R ${repo}`, { PAGER: `${pager} word` });
  assertEquals(first, "paged word FRX");
  for (
    const [line, variables] of [
      [`dbx schema -R ${repo} --no-pager`, { PAGER: pager }],
      [`dbx schema -R ${repo}`, { PAGER: pager, DBX_PAGER: "" }],
      [`dbx schema -R ${repo}`, { PAGER: pager, TERM: "dumb" }],
      [`dbx schema -R ${repo}`, { PAGER: "no-such-pager" }],
    ] as const
  ) assertEquals(inAscii(await shown(line, variables)), inAscii(rest), `${line} ${JSON.stringify(variables)}`);
  assertEquals((await shown(`dbx schema -R ${repo} | cat`, { PAGER: pager }))[0].startsWith("paged"), false);
  assertEquals((await shown(`dbx ls -R ${repo}`, { PAGER: pager }))[0].startsWith("paged"), false);
  const piped = await shown(`dbx help`, {
    PAGER: `no-such-pager`,
    DBX_PAGER: `${pager} a | sed 's/paged a/by a shell/'`,
  });
  assertEquals(piped[0], "by a shell FRX");
  assert(piped.some((line) => line.includes("usage: dbx")), piped.join("\n"));
});
