import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { blocks } from "../readme_blocks.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { record } from "./record.ts";
import { terminalTest } from "./tools.ts";

/** What stands before each command that the shell is about to run. */
const MARK = "##>";

terminalTest("README's tour on a terminal: no prompt, no stack, tables within its width, colours", async () => {
  await using folder = await scratch();
  const env = { ...await dbxOnPath(folder.path), PS4: MARK };
  await Deno.writeTextFile(`${folder.path}/tour.sh`, `set -ex\n${blocks("bash").join("\n")}`);
  const { code, bytes, lines } = await record("bash tour.sh", { cwd: folder.path, env });
  await Deno.writeTextFile("/tmp/a-scratch/tour.txt", bytes);
  assertEquals(code, 0, bytes);
  for (const bad of ["Deno requests", "this is a bug", "NotCapable", "    at "]) assert(!bytes.includes(bad), bytes);
});
