import { PrefetchedStore } from "../../../lib/store/local/prefetched_store.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const LONG_AGO = new Date(Date.now() - 60_000);

/** A folder `e` with some files, which changed long enough ago by a clock that is ahead. */
async function world(path: string): Promise<PrefetchedStore> {
  await Deno.mkdir(`${path}/e/runs/r`, { recursive: true });
  await Deno.writeTextFile(`${path}/e/meta.json`, "of e");
  await Deno.writeTextFile(`${path}/e/runs/r/log.jsonl`, "first\nsecond\n");
  await Deno.writeTextFile(`${path}/e/runs/r/long`, "x".repeat(2 * 1024 * 1024));
  for (const folder of ["e/runs/r", "e/runs", "e"]) await Deno.utime(`${path}/${folder}`, LONG_AGO, LONG_AGO);
  return new PrefetchedStore(path, { now: () => Date.now() + 60_000 });
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("PrefetchedStore: what is held is what stood there, until it is disposed of", async () => {
  await using folder = await scratch();
  const store = await world(folder.path);
  const log = "e/runs/r/log.jsonl";
  {
    using _held = store.hold("e");
    assertEquals(await store.stat(log), await new PrefetchedStore(folder.path).stat(log));
    assertEquals(store.look(log), new PrefetchedStore(folder.path).look(log));
    await Deno.writeTextFile(`${folder.path}/${log}`, "another\n");
    await Deno.writeTextFile(`${folder.path}/e/new`, "");
    assertEquals(text(await store.read(log)), "first\nsecond\n");
    assertEquals(text(await store.read(log, { offset: 6, length: 3 })), "sec");
    assertEquals(text(store.readNow("e/meta.json")), "of e");
    assertEquals(store.listNow("e").map(({ name }) => name).sort(), ["meta.json", "runs"]);
    assertEquals([store.listNow("e/notes"), await store.stat("e/new"), store.look("e/new")], [
      [],
      undefined,
      undefined,
    ]);
    // Too long to be held.
    assertEquals((await store.read("e/runs/r/long")).length, 2 * 1024 * 1024);
    // Names that only begin so are other folders.
    await Deno.mkdir(`${folder.path}/e2`);
    assertEquals((await store.stat("e2"))?.kind, "folder");
  }
  assertEquals(text(await store.read(log)), "another\n");
  assertEquals((await store.stat("e/new"))?.kind, "file");
});

Deno.test("PrefetchedStore: nothing is held of a folder that changes, or in which a link stands", async () => {
  await using folder = await scratch();
  const store = await world(folder.path);
  const current = new PrefetchedStore(folder.path);
  const log = "e/runs/r/log.jsonl";
  {
    using _held = current.hold("e");
    await Deno.writeTextFile(`${folder.path}/${log}`, "newer\n");
    assertEquals(text(await current.read(log)), "newer\n");
  }
  await Deno.symlink("/etc", `${folder.path}/e/elsewhere`);
  await Deno.utime(`${folder.path}/e`, LONG_AGO, LONG_AGO);
  using _held = store.hold("e");
  await Deno.writeTextFile(`${folder.path}/${log}`, "newest\n");
  assertEquals(text(await store.read(log)), "newest\n");
  assertEquals(store.listNow("e/elsewhere"), []);
});
