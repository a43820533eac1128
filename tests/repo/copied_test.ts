// What a copy of a repository does with a `.dbx/` that was copied along; see "Copies" in FORMAT.md.
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

/** The files of the notes of all experiments. */
function noteFiles(path: string, experiment: string): string[] {
  return Array.from(Deno.readDirSync(`${path}/${experiment}/notes`), ({ name }) => name).sort();
}

Deno.test("a copied .dbx: what it derived is compared with the files, and it writes notes of its own [F77] [slow]", async () => {
  await using folder = await scratch();
  const [first, second] = [`${folder.path}/first`, `${folder.path}/second`];
  const run = async (path: string, ...args: string[]) => {
    const { code, stdout, stderr } = await dbx([...args, "--repo", path]);
    assertEquals([code, stderr], [0, ""], args.join(" "));
    return stdout.trim();
  };
  const [experiment, id] = (await run(first, "log", "--tag", "kept", "e", "x=1")).split("/");
  await run(first, "index");
  const sum = ["query", "--format", "csv", "SELECT sum(value) FROM points"];
  assertEquals(await run(first, ...sum), "sum(value)\n1");
  // As `cp -a` does, so that times are the same.
  assert((await new Deno.Command("cp", { args: ["-a", first, second] }).output()).success);

  const log = `${experiment}/runs/${id}/other.log.jsonl`;
  await Deno.writeTextFile(`${second}/${log}`, `{"event":"e","ts":1,"x":41}\n`);
  const life = await Deno.readTextFile(`${second}/${experiment}/runs/${id}/log.jsonl`);
  await Deno.writeTextFile(`${second}/${experiment}/runs/${id}/log.jsonl`, life.replace(`"x":1`, `"x":2`));
  assertEquals(await run(second, ...sum), "sum(value)\n43");
  assertEquals(await run(first, ...sum), "sum(value)\n1");

  // Each notes in a file of its own, so that the two can be synchronised.
  await run(first, "restore", experiment);
  await dbx(["rm", experiment, "--repo", second]);
  const [own, ...none] = noteFiles(first, experiment);
  assertEquals(none, []);
  const both = noteFiles(second, experiment);
  assertEquals([both.length, both.includes(own)], [2, true]);

  // Without it, all is there, under one more id.
  await Deno.remove(`${second}/.dbx`, { recursive: true });
  await run(second, "restore", experiment);
  assertEquals(await run(second, ...sum), "sum(value)\n43");
  assertEquals(noteFiles(second, experiment).length, 3);
});
