// What only the executable can do wrong: dbx from source has none of it.
import { assertEquals } from "../assert.ts";
import { dbx, scratch } from "./dbx.ts";

const binary = Deno.env.get("DBX_BINARY");

if (binary !== undefined) {
  Deno.test("the executable: nothing is read from or left in the folder for temporary files", async () => {
    await using folder = await scratch();
    const temporary = `${folder.path}/tmp`;
    await Deno.mkdir(temporary);
    // Where the runtime would keep bytecode, which it would run as it stands, whoever wrote it.
    const cache = `${temporary}/deno-compile-${binary.split("/").at(-1)}.cache`;
    await Deno.writeTextFile(cache, "not bytecode");
    const options = { cwd: folder.path, env: { TMPDIR: temporary } };
    for (const args of [["log", "-q", "e", "x=1"], ["ls"], ["ls"], ["run", "-q", "--", "true"], ["check"]]) {
      const { code, stderr } = await dbx(args, options);
      assertEquals([code, stderr], [0, ""]);
    }
    assertEquals(Array.from(Deno.readDirSync(temporary), ({ name }) => `${temporary}/${name}`), [cache]);
    assertEquals(await Deno.readTextFile(cache), "not bytecode");
  });

  Deno.test("the executable: SQLite answers what columns do not, whatever the runtime's own can do", async () => {
    await using folder = await scratch();
    const options = { cwd: folder.path };
    assertEquals((await dbx(["log", "-q", "e", "x=1"], options)).code, 0);
    const sql =
      "SELECT group_concat(e.kind), sum(p.value), max(j.value) FROM points p JOIN experiments e USING (exp), " +
      "json_each('[3, 4]') j";
    const { stdout, stderr } = await dbx(["query", "--format", "csv", sql], options);
    assertEquals([stdout.split("\n").slice(1), stderr], [['"log,log",2,4', ""], ""]);
  });
}
