import { createHash } from "node:crypto";
import { keepFile } from "../../../lib/store/local/keep_file.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

Deno.test("keepFile: what is written to the file afterwards does not change what was kept, whatever its mode", async () => {
  await using folder = await scratch();
  const store = new LocalStore(`${folder.path}/repo`);
  const path = `${folder.path}/model.pt`;
  await Deno.writeTextFile(path, "first");
  await Deno.chmod(path, 0o400);
  const kept = await keepFile(store, path);
  assertEquals(kept, { sha256: sha256("first"), size: 5 });
  const object = `${store.location}/objects/${kept!.sha256.slice(0, 2)}/${kept!.sha256}`;
  await Deno.chmod(path, 0o600);
  await Deno.writeTextFile(path, "other", { create: false });
  assertEquals(await Deno.readTextFile(object), "first");
  assertEquals((await Deno.stat(object)).mode! & 0o777, 0o666 & ~Deno.umask());
  // The same contents are there once; nothing else is left.
  await Deno.writeTextFile(path, "first");
  assertEquals(await keepFile(store, path), kept);
  assertEquals((await Array.fromAsync(Deno.readDir(`${store.location}/objects`))).length, 1);
});

Deno.test("keepFile: a link is not kept, nor a folder, nor what is not there, nor what changes meanwhile", async () => {
  await using folder = await scratch();
  const store = new LocalStore(`${folder.path}/repo`);
  await Deno.writeTextFile(`${folder.path}/target`, "x");
  await Deno.symlink(`${folder.path}/target`, `${folder.path}/link`);
  for (const name of ["link", "", "nothing"]) {
    assertEquals(await keepFile(store, `${folder.path}/${name}`), undefined, name);
  }
  const path = `${folder.path}/growing`;
  await Deno.writeFile(path, new Uint8Array(1 << 20));
  const keeping = keepFile(store, path);
  Deno.writeTextFileSync(path, "x", { append: true });
  assertEquals(await keeping, undefined);
  assertEquals(await Array.fromAsync(Deno.readDir(`${store.location}/objects`)), []);
});

Deno.test("keepFile: a link shares the bytes of a file below the store that nobody writes any more", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await Deno.mkdir(`${folder.path}/.dbx/files/r`, { recursive: true });
  const path = `${folder.path}/.dbx/files/r/big`;
  await Deno.writeTextFile(path, "big");
  const { ino } = await Deno.stat(path);
  const kept = await keepFile(store, path, { link: ".dbx/files/r/big" });
  assert(kept !== undefined);
  const object = `${folder.path}/objects/${kept.sha256.slice(0, 2)}/${kept.sha256}`;
  assertEquals((await Deno.stat(object)).ino, ino);
  await Deno.remove(path);
  assertEquals(await Deno.readTextFile(object), "big");
});
