import { assert, assertEquals, assertMatch } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { Terminal } from "./pty.ts";
import { record } from "./record.ts";
import { terminalTest } from "./tools.ts";

/** Logs a run of so many points. */
async function logged(cwd: string, lr: number, points: number): Promise<void> {
  const lines = Array.from({ length: points }, (_, at) => `{"event":"e/${at}","loss":${lr / (at + 1)}}\n`).join("");
  assertEquals((await dbx(["log", "--quiet", "--param", `lr=${lr}`], { cwd, stdin: lines })).code, 0);
}

terminalTest("dbx plot on a terminal: as wide as that, in colour, plain where the terminal is [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const cwd = folder.path;
  await logged(cwd, 0.1, 40);
  await logged(cwd, 1, 40);
  for (const columns of [60, 120]) {
    const { code, lines, bytes } = await record("dbx plot loss", { cwd, env, columns });
    assertEquals(code, 0, bytes);
    const drawn = lines.filter((line) => line.trim() !== "");
    assert(drawn.every((line) => [...line].length <= columns), drawn.join("\n"));
    assert(drawn.some((line) => line.includes("└") && [...line].length === columns), drawn.join("\n"));
    // deno-lint-ignore no-control-regex
    assertMatch(bytes, /\x1b\[38;5;75m──\x1b\[0m lr=0.1/);
  }
  const dumb = await record("TERM=dumb dbx plot loss", { cwd, env });
  assert(dumb.lines.every((line) => /^[\x20-\x7e]*$/.test(line)), dumb.lines.join("\n"));
  assert(dumb.lines.some((line) => line.startsWith("*  lr=0.1")), dumb.lines.join("\n"));
  const console = await record("TERM=linux dbx plot loss", { cwd, env });
  assert(console.lines.some((line) => /[▖▗▘▝▀▄▞▚]/.test(line)), console.lines.join("\n"));
  assert(!console.lines.some((line) => /[⠀-⣿]/.test(line)), console.lines.join("\n"));
});

terminalTest("dbx plot -f: drawn again in place as points come, in the new size, until Ctrl-C [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const cwd = folder.path;
  assertEquals((await dbx(["init", "--quiet"], { cwd })).code, 0);
  const command = "trap : INT; dbx plot loss -f; echo code $?";
  await using terminal = await Terminal.start(command, { cwd, env, columns: 70, rows: 20 });
  await terminal.waitFor("no points yet; waiting");
  await logged(cwd, 1, 3);
  await terminal.waitForScreen("the first run", (screen) => screen.includes("1.0 ┤"));
  await logged(cwd, 10, 3);
  await terminal.waitForScreen("both runs", (screen) => screen.includes("── lr=1") && screen.includes("── lr=10"));
  assertEquals((await terminal.everything()).split("└").length - 1, 1);
  await terminal.resize(50, 16);
  await terminal.waitForScreen("the new width", (screen) => {
    const axis = screen.split("\n").find((line) => line.includes("└"));
    return axis !== undefined && [...axis].length === 50;
  });
  await terminal.press("C-c");
  const { shown } = await terminal.end();
  assertMatch(shown, /\n\^C\ncode 130$/);
});
