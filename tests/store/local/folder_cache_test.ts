import { FolderCache } from "../../../lib/store/local/folder_cache.ts";
import { RootFolder } from "../../../lib/fs/folders/root_folder.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const timesOf = async (path: string): Promise<string> => {
  const { mtime, ctime } = await Deno.stat(path);
  return `${mtime?.getTime()} ${ctime?.getTime()}`;
};

Deno.test("FolderCache: a folder that changes twice within one tick of its times is listed again", async () => {
  await using folder = await scratch();
  const cache = new FolderCache(new RootFolder(folder.path));
  let met = 0;
  for (let turn = 0; turn < 500 && met < 5; turn++) {
    const path = `${folder.path}/${turn}`;
    await Deno.mkdir(path);
    Deno.writeTextFileSync(`${path}/a`, "");
    const before = await timesOf(path);
    assertEquals(cache.list(String(turn)).map(({ name }) => name), ["a"]);
    Deno.writeTextFileSync(`${path}/b`, "");
    if (await timesOf(path) === before) met++;
    assertEquals(cache.list(String(turn)).map(({ name }) => name).sort(), ["a", "b"]);
  }
  assert(met > 0, "the moment came");
});

Deno.test("FolderCache: a listing is kept once the folder has been at rest for longer than times are coarse", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/x`;
  await Deno.mkdir(path);
  const changedAt = (await Deno.stat(path)).ctime!.getTime();
  for (const [later, isKept] of [[1000, false], [3000, true]] as const) {
    const file = `${folder.path}/.dbx/${later}`;
    const cache = new FolderCache(new RootFolder(folder.path, () => changedAt + later), file);
    cache.list("x");
    cache.save();
    const text = await Deno.readTextFile(file).catch(() => "");
    assertEquals(text.includes(`${path}\t`), isKept, `${later} ms later`);
  }
});
