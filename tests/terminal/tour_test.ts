import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { blocksOf, documentAt } from "../docs/documents.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { linesOf, record } from "./record.ts";
import { terminalTest } from "./tools.ts";

/** The shell code of the tour. */
const BLOCKS = blocksOf(documentAt("lib/docs/tour.md"), "bash");
/** What the shell prints before each command that it runs. */
const MARK = "##> ";
/** The commands that print tables and texts which fit the terminal. Others print paths, whatever their length, and JSON. */
const FITTING = /^dbx (ls|show|query|series|schema|check|remote)\b(?!.*--json)(?!.*--format)/;
/** What no command line may ever show. */
const NEVER = ["Deno requests", "NotCapable", "this is a bug", "\n    at "];

terminalTest("the tour on a terminal: no prompt, no stack, colours, and tables within 80 columns [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const tour = `PS4='${MARK}'\nset -ex\n${BLOCKS.join("\n")}`;
  await Deno.writeTextFile(`${folder.path}/tour.sh`, tour);
  const { code, bytes, lines } = await record("bash tour.sh", { cwd: folder.path, env });
  assertEquals(code, 0, bytes);
  for (const bad of NEVER) assert(!bytes.includes(bad), bytes);
  let command = "";
  const seen = new Set<string>();
  for (const line of lines) {
    if (line.startsWith(MARK.slice(0, 2))) {
      command = line.replace(/^#+> /, "");
      seen.add(/^dbx \w+/.exec(command)?.[0] ?? "");
    } else if (FITTING.test(command)) {
      assert([...line].length <= 80, `a line of ${[...line].length} columns of ${command}:\n${line}`);
    }
  }
  const inTour = BLOCKS.join("\n").matchAll(/^(?:[^#\n]*[|(] *)?(dbx \w+)/gm);
  for (const [, name] of inTour) assert(seen.has(name), `${name} was run: ${[...seen].join(", ")}`);
  for (const part of ["train/epoch/*:loss", "0 damaged", "params.seed"]) assertStringIncludes(bytes, part);
  assertStringIncludes(bytes, "\x1b[1mid", "the head of a table is bold");
  assertStringIncludes(bytes, "\x1b[32m  finished", "a status has a colour");
});

terminalTest("the tour with NO_COLOR: a terminal gets no colours [slow]", async () => {
  await using folder = await scratch();
  const env = { ...await dbxOnPath(folder.path), NO_COLOR: "1" };
  const [first, second, third] = BLOCKS;
  const tour = ["set -e", first, second, third, "dbx ls", "dbx show $(dbx ls --cols id | tail -1) --plot loss"];
  await Deno.writeTextFile(`${folder.path}/tour.sh`, tour.join("\n"));
  const { code, bytes } = await record("bash tour.sh", { cwd: folder.path, env });
  assertEquals(code, 0, bytes);
  // deno-lint-ignore no-control-regex
  assertEquals(bytes.match(/\x1b\[[\d;]*m/g), null, bytes);
  for (const bad of NEVER) assert(!bytes.includes(bad), bytes);
});

if (Deno.env.get("DBX_BINARY") === undefined) {
  terminalTest("the README's first command on a terminal: the demo asks nothing [slow]", async () => {
    await using folder = await scratch();
    const root = decodeURIComponent(new URL("../..", import.meta.url).pathname);
    const parts = ["lib", "scripts", "cli.ts", "mod.ts", "deno.json", "deno.lock"].map((name) => `${root}${name}`);
    const copied = await new Deno.Command("cp", { args: ["-r", ...parts, folder.path] }).output();
    assert(copied.success, new TextDecoder().decode(copied.stderr));
    const { code, bytes } = await record(`'${Deno.execPath()}' task demo`, {
      cwd: folder.path,
      env: await dbxOnPath(folder.path),
    });
    assertEquals(code, 0, bytes);
    for (const bad of NEVER) assert(!bytes.includes(bad), bytes);
    const shown = linesOf(bytes).join("\n");
    assertEquals(shown.match(/^dbx: run \w+\/\w+ finished$/gm)?.length, 6, bytes);
    assertStringIncludes(shown, "train/epoch/*:train_loss");
    const goOn = /^ {2}(export PATH=.*)$/m.exec(shown)?.[1];
    const next = await record(`${goOn}; dbx ls --limit 1 --cols kind`, { cwd: folder.path });
    assertEquals(next.lines.slice(0, 2).map((line) => line.trim()), ["kind", "spirals"], next.bytes);
  });
}
