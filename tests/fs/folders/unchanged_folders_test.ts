import type { DerivedFolder } from "../../../lib/fs/folders/derived_folder.ts";
import { derivedFolder } from "../../../lib/fs/folders/derived_folder.ts";
import { hasCtime } from "../../../lib/fs/folders/ctime_support.ts";
import { RootFolder } from "../../../lib/fs/folders/root_folder.ts";
import { FolderChangedError, UnchangedFolders } from "../../../lib/fs/folders/unchanged_folders.ts";
import { assertEquals, assertThrows } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { nextSecond } from "../next_second.ts";

Deno.test("UnchangedFolders: a folder that changed less than two seconds ago is not entered, nor is a link or a file", async () => {
  await using folder = await scratch();
  const { path } = folder;
  Deno.mkdirSync(`${path}/a`);
  Deno.symlinkSync(`${path}/a`, `${path}/link`);
  Deno.writeTextFileSync(`${path}/file`, "x");
  let now = Date.now();
  const folders = new UnchangedFolders(new RootFolder(path), () => now);
  assertThrows(() => folders.enter("a"), FolderChangedError);
  now += 60_000;
  for (const name of ["link", "file", "none"]) assertThrows(() => folders.enter(name), FolderChangedError, name);
  folders.enter("a");
  folders.check();
  await new Promise((resolve) => setTimeout(resolve, 20)); // Until what changes gets another time.
  Deno.writeTextFileSync(`${path}/a/new`, "x");
  Deno.removeSync(`${path}/a/new`);
  assertThrows(() => folders.check(), FolderChangedError);
});

Deno.test("UnchangedFolders: a folder that was away for a moment is noticed, though its times of change are put back", async () => {
  await using folder = await scratch();
  const { path } = folder;
  Deno.mkdirSync(`${path}/r/a/b`, { recursive: true });
  const folders = new UnchangedFolders(new RootFolder(`${path}/r`), () => Date.now() + 60_000);
  for (const name of ["a", "a/b"]) {
    await nextSecond();
    folders.begin();
    for (const seen of ["a", "a/b"]) folders.enter(seen);
    folders.check();
    const { atime, mtime } = Deno.lstatSync(`${path}/r/a`);
    Deno.renameSync(`${path}/r/${name}`, `${path}/away`);
    Deno.symlinkSync(path, `${path}/r/${name}`);
    Deno.removeSync(`${path}/r/${name}`);
    Deno.renameSync(`${path}/away`, `${path}/r/${name}`);
    Deno.utimeSync(`${path}/r/a`, atime!, mtime!);
    assertThrows(() => folders.check(), FolderChangedError, name);
  }
});

Deno.test("keepsChangeTimes: a disk whose two times are one and the same is not trusted", async () => {
  await using folder = await scratch();
  Deno.mkdirSync(`${folder.path}/.dbx/index`, { recursive: true });
  const own = derivedFolder(`${folder.path}/.dbx/index`);
  assertEquals(hasCtime(new RootFolder(folder.path), own, []), true);
  assertEquals([...Deno.readDirSync(`${folder.path}/.dbx/index`)], []);
  // A disk that shows the time that was set as that of the change, too.
  let set = new Date(0);
  const disk = (dev: number, ctime: () => Date) => {
    const info = { dev, isFile: true, mtime: new Date(1_700_000_000_500) };
    const root = { lstat: () => ({ ...info, ctime: ctime() }) } as unknown as RootFolder;
    const file = { utimeSync: (_: Date, mtime: Date) => set = mtime, statSync: () => ({ mtime: set, ctime: set }) };
    const open = () => ({ ...file, [Symbol.dispose]: () => {} });
    return { root, derived: { root, folder: "", open, remove: () => {} } as unknown as DerivedFolder };
  };
  const forged = disk(-1, () => set);
  assertEquals(hasCtime(forged.root, forged.derived, [""]), false);
  // Where the index is on another disk, times that are apart tell.
  const elsewhere = { ...own, root: new RootFolder(folder.path), folder: ".dbx/index" } as unknown as DerivedFolder;
  const equal = disk(-2, () => new Date(1_700_000_000_000));
  assertEquals(hasCtime(equal.root, elsewhere, ["", "dbx.json"]), false);
  const apart = disk(-3, () => new Date(1_700_000_009_000));
  assertEquals(hasCtime(apart.root, elsewhere, ["", "dbx.json"]), true);
});
