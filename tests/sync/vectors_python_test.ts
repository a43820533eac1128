// The test vectors of synchronisation against another implementation: one in Python, by the letter of SYNC.md.
import { FOLDER } from "../../scripts/sync_vectors/all.ts";
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

async function python(...words: string[]): Promise<{ code: number; stdout: string; stderr: string } | undefined> {
  try {
    const { code, stdout, stderr } = await new Deno.Command("python3", { args: words }).output();
    return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  } catch {
    console.error("skipped: there is no python3 here");
    return undefined;
  }
}

Deno.test("vectors: another implementation finds that all of them are as SYNC.md says", async () => {
  const ended = await python(`${FOLDER}check.py`);
  if (ended === undefined) return;
  assertEquals([ended.code, ended.stderr], [0, ""], ended.stdout);
  const [, right, all] = /^(\d+) of (\d+) vectors are as SYNC.md says\n$/.exec(ended.stdout)!;
  assertEquals(right, all);
  assert(Number(all) > 250, all);
});

Deno.test("vectors: another implementation finds a vector that is wrong", async () => {
  await using folder = await scratch();
  const copy = async (name: string, change: (text: string) => string = (text) => text) => {
    await Deno.writeTextFile(`${folder.path}/${name}`, change(await Deno.readTextFile(FOLDER + name)));
  };
  await Deno.mkdir(`${folder.path}/scenarios`);
  for (const { name, isFile } of Deno.readDirSync(FOLDER)) if (isFile && name.endsWith(".json")) await copy(name);
  for (const { name } of Deno.readDirSync(`${FOLDER}scenarios`)) await copy(`scenarios/${name}`);
  // One digit of a digest, and a time that a server has in the end.
  await copy("digests.json", (text) => text.replace('"digests":"124a', '"digests":"124b'));
  await copy("scenarios/clone.json", (text) => text.replace(/(.*)1000000002000/s, "$11000000002001"));
  const ended = await python(`${FOLDER}check.py`, folder.path);
  if (ended === undefined) return;
  assertEquals(ended.code, 1, ended.stderr);
  assertMatch(ended.stdout, /^digests\.json: one file\nclone\.json: .*server: .* has the time/);
});
