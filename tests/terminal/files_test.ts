// Files of runs, with a person in front.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { record } from "./record.ts";
import { terminalTest } from "./tools.ts";

terminalTest("a terminal: files, cat and get fit it, and no file moves its cursor [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const cwd = folder.path;
  const ask = async (command: string, { code = 0, columns = 80 } = {}) => {
    const ended = await record(command, { cwd, env, columns });
    assertEquals(ended.code, code, `${command}: ${ended.bytes}`);
    return ended;
  };
  await Deno.writeTextFile(`${cwd}/evil.txt`, "one\n\x1b[2J\x1b]0;title\x07two\u202ethree\nno line feed");
  await Deno.writeFile(`${cwd}/model.bin`, Uint8Array.of(0, 1, 2, 255));
  await ask("dbx run -q --no-git -- sh -c 'cp evil.txt model.bin $DBX_FILES'");
  const id = (await ask("dbx ls -q")).lines[0].trim();

  for (const columns of [60, 80, 120, 200]) {
    const { lines } = await ask("dbx files", { columns });
    assert(lines.every((line) => line.length <= columns), `${columns}: ${lines}`);
    assertStringIncludes(lines[0], "name");
    assertEquals(lines.slice(1, 3).map((line) => line.split(/\s/)[0]), ["evil.txt", "model.bin"]);
  }
  const shown = await ask(`dbx cat ${id}:evil.txt`);
  assertEquals(shown.bytes, "one\r\n\\x1b[2J\\x1b]0;title\\x07two\\u202ethree\r\nno line feed\r\n");
  assertStringIncludes((await ask(`dbx cat ${id}:model.bin`, { code: 2 })).lines.join("\n"), "it is not text");
  const piped = await ask(`dbx cat ${id}:model.bin | wc -c`);
  assertEquals(piped.lines[0].trim(), "4");
  assertStringIncludes((await ask(`dbx get ${id} -o out`)).lines.join("\n"), "evil.txt  ");
});

terminalTest(
  "dbx checkout on a terminal: says what it made and how to run it again, and passes no sequence on [slow]",
  async () => {
    await using folder = await scratch();
    const env = await dbxOnPath(folder.path);
    const cwd = folder.path;
    await Deno.mkdir(`${cwd}/p`);
    await Deno.writeTextFile(`${cwd}/p/train.py`, "print(1)\n");
    const ran = await record("cd p && dbx run -q --repo ../output -- sh ./train.py; true", { cwd, env });
    assertEquals(ran.code, 0, ran.bytes);
    const id = (await record("dbx ls -q", { cwd, env })).lines[0].trim();
    const { code, lines, bytes } = await record(`dbx checkout ${id} "again\x1b[31m"`, { cwd, env, columns: 60 });
    assertEquals(code, 0, bytes);
    const text = lines.join("");
    assertStringIncludes(text, "1 file of code");
    assertStringIncludes(text, "run it again:");
    assert(!bytes.includes("\x1b[31m"), bytes);
    assertEquals(await Deno.readTextFile(`${cwd}/again\x1b[31m/train.py`), "print(1)\n");
  },
);
