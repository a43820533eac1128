// What happens to objects that are on their way while the runs that refer to them are purged, each moment made on purpose.
import { createHash } from "node:crypto";
import { tombstoneText } from "../../lib/format/layout/tombstone.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { inventoryMap, withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { collectedObjects, markCollected, Returning } from "../../lib/store/local/files/collected_objects.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { writeJournal } from "../../lib/store/local/purge/journal.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import type { FileChunk, WriteManyOptions } from "../../lib/store/store.ts";
import { sync } from "../../lib/sync/sync.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const EXP = "0000000000exp";
const [ONE, TWO] = ["0000000000one", "0000000000two"];
const AT = `"createdAt":"2026-01-01T09:00:00.000Z"`;

interface Bytes {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function objectOf(text: string): Bytes {
  const bytes = encode(text);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { name: `objects/${sha256.slice(0, 2)}/${sha256}`, sha256, bytes };
}

const lineTo = ({ sha256 }: Bytes): string =>
  `{"event":"f","ts":1,"f":{"_dbx":"expfile","exp":"${EXP}","name":"f","sha256":"${sha256}"}}\n`;

/** An empty repository. */
async function repository(path: string): Promise<LocalStore> {
  await Deno.mkdir(path, { recursive: true });
  const store = new LocalStore(path);
  await store.create("dbx.json", encode(`{"dbx":1,"id":"0purges000rep",${AT}}\n`));
  return store;
}

/** A run that refers to an object, which was put long ago. */
async function makeRun(store: LocalStore, run: string, object: Bytes): Promise<void> {
  if (await store.stat(`${EXP}/meta.json`) === undefined) {
    await store.create(`${EXP}/meta.json`, encode(`{"id":"${EXP}","kind":"k","name":"",${AT}}`));
  }
  await store.create(`${EXP}/runs/${run}/meta.json`, encode(`{"id":"${run}",${AT}}`));
  await store.create(`${EXP}/runs/${run}/log.jsonl`, encode(lineTo(object)));
  if (await store.stat(object.name) !== undefined) return;
  await store.create(object.name, object.bytes);
  await Deno.utime(store.path(object.name), new Date(0), new Date(Date.now() - 60_000));
}

const partOf = (name: string, bytes: Uint8Array<ArrayBuffer>): FileChunk => ({
  name,
  bytes,
  offset: 0,
  end: true,
  size: bytes.length,
});

Deno.test("take: where something was purged that the sender did not know of, no object is made, small or large [S110, S111]", async () => {
  await using folder = await scratch();
  const small = objectOf("of a run that was purged");
  const large = objectOf("x".repeat(3 * 1024 * 1024));
  const asked = new Set<string>();
  for (const way of ["folder", "server"]) {
    const store = await repository(`${folder.path}/${way}`);
    const handle = storeRoutes(store);
    const transport = (request: Request) => {
      asked.add(new URL(request.url).search);
      return handle(request);
    };
    const target = way === "folder" ? store : new RemoteStore({ location: "peer", base: "http://peer", transport });
    await store.create(`purged/${ONE}.json`, encode(tombstoneText(ONE)));
    for (const { name, bytes } of [small, large]) {
      const take = async (options: WriteManyOptions) => {
        const { setbacks } = await target.writeMany(ReadableStream.from([[partOf(name, bytes)]]), options);
        return [setbacks.map(({ kind }) => kind), (await store.stat(name))?.kind];
      };
      assertEquals(await take({ tombstones: 0 }), [["retry"], undefined], way);
      assertEquals(await take({ tombstones: 1 }), [[], "file"], way);
    }
  }
  assertEquals(asked, new Set(["?tombstones=0", "?tombstones=1"]));
});

Deno.test("sync: what another program purges while tombstones are exchanged is purged too, and its objects are not sent", async () => {
  await using folder = await scratch();
  const [a, b] = await Promise.all(["a", "b"].map((name) => repository(`${folder.path}/${name}`)));
  const [one, two] = [objectOf("of one"), objectOf("of two")];
  await makeRun(a, ONE, one);
  await makeRun(a, TWO, two);
  await b.create(`purged/${ONE}.json`, encode(tombstoneText(ONE)));
  class Busy extends LocalStore {
    override async writeMany(...given: Parameters<LocalStore["writeMany"]>) {
      await b.purge([TWO]);
      return await super.writeMany(...given);
    }
  }
  const { purged, kept, setbacks } = await sync(new Busy(a.location), b);
  assertEquals([purged, kept, setbacks], [[[ONE, TWO], []], [[], []], []]);
  for (const store of [a, b]) {
    for (const { name } of [one, two]) assertEquals(await store.stat(name), undefined);
  }
});

Deno.test("sync, inventories: what a purge that goes on is about to remove is not sent; what it is stuck with is [S112]", async () => {
  await using folder = await scratch();
  const [a, b] = await Promise.all(["a", "b"].map((name) => repository(`${folder.path}/${name}`)));
  const { name, bytes } = objectOf("of a run whose folder is gone");
  await a.create(name, bytes);
  const journal = { id: ONE, objects: [name], runs: [ONE], isTorn: false, isStuck: false };
  writeJournal(a.folder, journal);
  const peer = new RemoteStore({ location: "peer", base: "http://peer", transport: storeRoutes(a) });
  assertEquals((await inventoryMap(withBulkFallback(peer))).has(name), false);
  assertEquals((await sync(a, b)).sent.files, 0);
  assertEquals(await b.stat(name), undefined);
  writeJournal(a.folder, { ...journal, isStuck: true });
  assertEquals((await inventoryMap(withBulkFallback(peer))).has(name), true);
  assertEquals((await sync(a, b)).sent.files, 1);
});

Deno.test("Returning: what a collection beside it counts as collected after a line was seen may come back", async () => {
  await using folder = await scratch();
  const store = await repository(folder.path + "/a");
  const root = store.folder;
  const object = objectOf("needed");
  await makeRun(store, ONE, object);
  const returning = new Returning(root);
  returning.see(partOf(`${EXP}/runs/${TWO}/log.jsonl`, encode(lineTo(object))));
  // As if it was put again: what was about to remove it sees that.
  assert(Date.now() - root.lstat(object.name)!.mtime!.getTime() < 30_000);
  await store.remove(object.name);
  markCollected(root, [object.name]);
  assertEquals([...collectedObjects(root)], [object.name]);
  returning.finish();
  assertEquals([...collectedObjects(root)], []);
});

Deno.test("purge: an object to which a line comes to refer while references are looked for stays, and is not collected [S113]", async () => {
  await using folder = await scratch();
  const store = await repository(folder.path + "/a");
  const object = objectOf("shared");
  await makeRun(store, ONE, object);
  let isWritten = false;
  await store.purge([ONE], {
    onStep(step) {
      if (step !== "objects" || isWritten) return;
      isWritten = true;
      assertEquals([...collectedObjects(store.folder)], [object.name], "before references are looked for");
      const returning = new Returning(store.folder);
      const folder = `${EXP}/runs/${TWO}`;
      returning.see(partOf(`${folder}/log.jsonl`, encode(lineTo(object))));
      Deno.mkdirSync(store.path(folder), { recursive: true });
      Deno.writeTextFileSync(store.path(`${folder}/log.jsonl`), lineTo(object));
      returning.finish();
    },
  });
  assert(isWritten);
  assertEquals((await store.stat(object.name))?.kind, "file");
  assertEquals([...collectedObjects(store.folder)], []);
});
