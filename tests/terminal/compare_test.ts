import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { record } from "./record.ts";
import { terminalTest } from "./tools.ts";

/** A repository of a few experiments. Returns their ids, the newest first. */
async function experiments(cwd: string): Promise<string[]> {
  for (const lr of [0.1, 0.2, 0.3, 0.4]) {
    const note = `a text that is longer than any column has room for ${lr} \x1b[31m`;
    const lines = [0, 1, 2].map((epoch) => JSON.stringify({ event: `train/epoch/${epoch}`, loss: lr / (epoch + 1) }));
    const params = [`lr=${lr}`, `a.name.that.is.long.and.goes.on=${note}`].flatMap((param) => ["--param", param]);
    assertEquals((await dbx(["log", "-q", ...params], { cwd, stdin: lines.join("\n") + "\n" })).code, 0);
  }
  return (await dbx(["ls", "-q"], { cwd })).stdout.trim().split("\n");
}

terminalTest(
  "dbx diff on a terminal: fits every width, folds its columns, and passes no control sequence on [slow]",
  async () => {
    await using folder = await scratch();
    const env = await dbxOnPath(folder.path);
    const cwd = folder.path;
    const ids = await experiments(cwd);
    for (const columns of [60, 80, 200]) {
      const { code, lines, bytes } = await record(`dbx diff ${ids.join(" ")}`, { cwd, env, columns });
      assertEquals(code, 0, bytes);
      for (const line of lines) assert([...line].length <= columns, `${[...line].length} of ${columns}: ${line}`);
      for (const id of ids) assertStringIncludes(lines.join("\n"), id);
      const blocks = lines.filter((line) => line.trim() === "params").length;
      assertEquals(blocks > 1, columns < 200, `${blocks} blocks in ${columns} columns`);
      assert(!bytes.includes("0.1 \x1b[31m"), bytes);
    }
  },
);

terminalTest("dbx assert on a terminal: colours, a plot that fits, and exit code 1 [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const cwd = folder.path;
  await experiments(cwd);
  const { code, lines, bytes } = await record("dbx assert 'last:loss < 0.1' 'max:loss < 1'", { cwd, env, columns: 60 });
  assertEquals(code, 1, bytes);
  assertStringIncludes(bytes, "\x1b[31mFAIL");
  assertStringIncludes(bytes, "\x1b[32mpass");
  assertStringIncludes(lines.join("\n"), "┤");
  for (const line of lines) assert([...line].length <= 60, line);
});

terminalTest(
  "dbx report on a terminal: Markdown that names both sets, and no control sequence of theirs [slow]",
  async () => {
    await using folder = await scratch();
    const env = await dbxOnPath(folder.path);
    const cwd = folder.path;
    const ids = await experiments(cwd);
    for (const [at, id] of ids.entries()) await dbx(["tag", "-q", id, at < 2 ? "after" : "before"], { cwd });
    const { code, lines, bytes } = await record("dbx report before after", { cwd, env, columns: 100 });
    assertEquals(code, 0, bytes);
    const text = lines.join("\n");
    assertStringIncludes(text, "### after compared with before");
    assertStringIncludes(text, "| last:loss |");
    assertStringIncludes(text, "| lr | 0.1, 0.2 | 0.3, 0.4 |");
    assert(!bytes.includes("0.1 \x1b[31m"), bytes);
  },
);
