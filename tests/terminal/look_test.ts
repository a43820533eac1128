import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { commands } from "../../lib/commands/table.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { record } from "./record.ts";
import { terminalTest } from "./tools.ts";

terminalTest("dbx on a terminal: colours there, and none in a pipe or with TERM=dumb", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const cwd = folder.path;
  assertEquals((await record("dbx log --quiet --kind k checked ok=true", { cwd, env })).code, 0);
  assertStringIncludes((await record("dbx ls", { cwd, env })).bytes, "\x1b[32m");
  const narrow = await record("dbx ls --cols id,name,status,created", { cwd, env, columns: 30 });
  assertEquals(narrow.lines.filter((line) => line !== "").at(-1), "1 more column; --cols chooses");
  for (const command of ["dbx ls | cat", "TERM=dumb dbx ls", "NO_COLOR=1 dbx ls"]) {
    const { code, bytes } = await record(command, { cwd, env });
    assertEquals(code, 0, bytes);
    assert(!bytes.includes("\x1b["), `${command}: ${JSON.stringify(bytes)}`);
    assertStringIncludes(bytes, "finished");
  }
});

terminalTest("dbx on a terminal: no bars and no control characters in a pipe [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const cwd = folder.path;
  const lines = Array.from({ length: 2000 }, (_, at) => `{"event":"a/${at}","loss":${at / 7}}\n`).join("");
  assertEquals((await dbx(["log", "--quiet"], { cwd, stdin: lines })).code, 0);
  // At this rate a terminal would see a bar for a second and more.
  for (const command of ["dbx clone output copy --limit 40k", "dbx check", "dbx index --rebuild", "dbx gc --dry-run"]) {
    const { code, bytes } = await record(`${command} > out 2>&1; echo "code $?"`, { cwd, env });
    assertEquals(code, 0, bytes);
    assertStringIncludes(bytes, "code 0");
    const printed = await Deno.readTextFile(`${cwd}/out`);
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x09\x0b-\x1f]/.test(printed), `${command}: ${JSON.stringify(printed)}`);
  }
});

terminalTest("dbx on a terminal: help fits it, and is read whole [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const described = await Promise.all(Object.values(commands).map(({ describe }) => describe()));
  const subcommands = described.flatMap(({ command: { name, ...more } }) =>
    "subcommands" in more ? Object.keys(more.subcommands).map((word) => `${name} ${word}`) : []
  );
  const all = ["dbx --help", ...[...Object.keys(commands), ...subcommands].map((name) => `dbx ${name} --help`)];
  for (const columns of [48, 80]) {
    const { code, lines } = await record(all.join(" && "), { cwd: folder.path, env, columns });
    assertEquals(code, 0);
    for (const line of lines) {
      // A word is not broken.
      if (/ .* /.test(line.trim())) {
        assert([...line].length <= columns, `${[...line].length} of ${columns} columns: ${line}`);
      }
    }
    const words = (text: string) => text.split(/\s+/).join(" ");
    for (const { command: { summary, details } } of described) {
      for (const text of [summary, details ?? ""]) assertStringIncludes(words(lines.join("\n")), words(text.trim()));
    }
  }
});

terminalTest("dbx on a terminal: what goes wrong is said in a sentence, with an exit code", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  await Deno.writeTextFile(`${folder.path}/plain`, "", { mode: 0o644 });
  for (
    const [command, code, sentence] of [
      ["dbx lss", 2, 'dbx: Cannot run "dbx lss": there is no such command; did you mean "ls"?'],
      ["dbx ls --srt id", 2, "dbx: "],
      ["dbx run -- no-such-program", 127, 'dbx: Cannot run "no-such-program": there is no such command'],
      ["dbx run -- ./plain", 126, 'dbx: Cannot run "./plain": it is not executable'],
      ["dbx show abc", 1, "dbx: Cannot "],
      ["dbx query 'SELEC 1'", 1, "dbx: Cannot open the repository"],
      ["dbx push host:there", 1, "dbx: "],
      ["dbx init plain/x", 1, "dbx: "],
    ] as const
  ) {
    const own = { ...env, DBX_SSH: "no-such-ssh" };
    const ended = await record(command, { cwd: folder.path, env: own });
    assertEquals(ended.code, code, `${command}: ${ended.bytes}`);
    const said = ended.lines.filter((line) => line !== "");
    assert(said[0].startsWith(sentence), `${command}: ${ended.bytes}`);
    for (const bad of ["Deno requests", "NotCapable", "    at ", "this is a bug"]) {
      assert(!ended.bytes.includes(bad), `${command}: ${ended.bytes}`);
    }
  }
});
