// What keeps a repository in order, with a person in front of it.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { record } from "./record.ts";
import { terminalTest } from "./tools.ts";

terminalTest(
  "a terminal: init --shared, check, gc and check --repair-marker say what they do, line by line [slow]",
  async () => {
    await using folder = await scratch();
    const env = await dbxOnPath(folder.path);
    const cwd = folder.path;
    const ask = async (command: string, code = 0): Promise<string> => {
      const ended = await record(command, { cwd, env });
      assertEquals(ended.code, code, `${command}: ${ended.bytes}`);
      assert(!ended.bytes.includes("Deno requests") && !ended.bytes.includes("this is a bug"), ended.bytes);
      return ended.lines.join("\n");
    };
    assertStringIncludes(await ask("dbx init --shared group r"), "created the repository");
    assertEquals((await Deno.stat(`${cwd}/r`)).mode! & 0o2070, 0o2070);
    for (const kind of ["kept", "gone"]) await ask(`dbx log -R r --quiet --kind ${kind} e loss=1`);
    assertStringIncludes(await ask("dbx check -R r --read-data"), "checked 2 experiments and 0 objects: 0 damaged");
    // The warning, and then its finding.
    assertStringIncludes(await ask("dbx log -R other --name aux e loss=1"), `Windows cannot store the name "aux"`);
    const unportable = await ask("dbx check -R other --portable", 1);
    assertStringIncludes(unportable, `portability: aux: Windows cannot store the name "aux"`);
    assertStringIncludes(unportable, "0 damaged, 0 notes, 1 name that other systems cannot store");

    await ask(
      `dbx rm -R r "$(dbx query -R r --format csv "SELECT id FROM experiments WHERE kind = 'gone'" | tail -n 1)"`,
    );
    const gc = "dbx gc -R r --older-than 0s";
    assertStringIncludes(await ask(`${gc} --dry-run`), "would remove the runs of 1 experiment, 0 objects: 3 files");
    const removed = await ask(gc);
    assertStringIncludes(removed, "removing:\nexperiment");
    assertStringIncludes(removed, "removed the runs of 1 experiment, 0 objects: 3 files");
    // What was collected is not named again.
    assertEquals((await ask(gc)).trim(), "nothing to remove");

    await Deno.writeTextFile(
      `${cwd}/r/dbx.json`,
      (await Deno.readTextFile(`${cwd}/r/dbx.json`)).replace('"id"', '"i\\u0001'),
    );
    const damaged = await ask("dbx check -R r", 1);
    assertStringIncludes(damaged, "dbx.json");
    assertStringIncludes(
      await ask("dbx gc -R r --older-than 0s", 1),
      "a check finds damage, so nothing was removed",
    );
    await ask("dbx check -R r --repair-marker");
    assertStringIncludes(await ask("dbx check -R r"), "0 damaged");
    assertStringIncludes(await ask("dbx ls -R r"), "kept");
  },
);

terminalTest("a terminal: check writes a name with control characters so that it does nothing [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const cwd = folder.path;
  assertEquals((await record("dbx init r", { cwd, env })).code, 0);
  const made = await record(String.raw`mkdir "$(printf 'r/x\033]0;title\007\ndamage: none')"`, { cwd, env });
  assertEquals(made.code, 0, made.bytes);
  for (const command of ["dbx check -R r", "dbx gc -R r", "dbx ls -R r"]) {
    const { bytes } = await record(command, { cwd, env });
    assert(!bytes.includes("\x1b]0;"), bytes);
    assert(!/^damage: none/m.test(bytes), bytes);
  }
});
