// A purge as a person sees it: what goes is listed, a secret that is typed does not show, and only a yes has it go.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { holding } from "../security/secret_bytes.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { Terminal } from "./pty.ts";
import { terminalTest } from "./tools.ts";

terminalTest("a purge lists what goes, hides the secret that is typed, and asks [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const repo = `${folder.path}/r`;
  await dbx(["init", repo]);
  await dbx(["run", "-q", "-R", repo, "--kind", "told", "--", "echo", "hunter2-on-a-terminal"]);
  await dbx(["run", "-q", "-R", repo, "--kind", "clean", "--", "echo", "nothing"]);
  const run = async (line: string, talk: (terminal: Terminal) => Promise<void>) => {
    await using terminal = await Terminal.start(line, { cwd: folder.path, env, columns: 150 });
    await talk(terminal);
    return await terminal.end();
  };
  const no = await run(`dbx purge -R ${repo} --secret -`, async (terminal) => {
    await terminal.waitFor("Secret:");
    await terminal.enter("hunter2-on-a-terminal");
    await terminal.waitFor("[y/N]");
    await terminal.press("Enter");
  });
  assertEquals(no.code, 1, no.shown);
  assertStringIncludes(no.shown, "told");
  assertStringIncludes(no.shown, "nothing was purged");
  assert(!no.shown.includes("hunter2") && !no.shown.includes("clean"), no.shown);
  const cut = await run(`dbx purge -R ${repo} --secret -`, async (terminal) => {
    await terminal.waitFor("Secret:");
    await terminal.press("C-c");
  });
  assertEquals(cut.code, 130, cut.shown);
  assert((await holding("hunter2", repo)).length > 0);
  const yes = await run(`dbx purge -R ${repo} --secret -`, async (terminal) => {
    await terminal.waitFor("Secret:");
    await terminal.enter("hunter2-on-a-terminal");
    await terminal.waitFor("[y/N]");
    await terminal.enter("y");
  });
  assertEquals(yes.code, 0, yes.shown);
  assertEquals(await holding("hunter2", repo), []);
  const { stdout } = await dbx(["ls", "-R", repo, "--json"]);
  const [clean] = (JSON.parse(stdout) as { id: string; kind: string }[]).filter(({ kind }) => kind === "clean");
  const named = await run(`dbx rm --purge -R ${repo} ${clean.id}`, async (terminal) => {
    await terminal.waitFor("Purge it permanently");
    await terminal.enter("yes");
  });
  assertEquals(named.code, 0, named.shown);
  assertStringIncludes(named.shown, `purged ${clean.id}`);
});
