// What a garbage collection removed does not come back from other copies, unless something refers to it again.
import { expfile } from "../../lib/format/json/special_values.ts";
import { createExperiment, createRun } from "../../lib/logger/create.ts";
import { appendNote } from "../../lib/logger/notes.ts";
import { collectGarbage } from "../../lib/repo/gc/gc.ts";
import { initRepository, openReader } from "../../lib/repo/open.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { inventoryMap, withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { putObject } from "../../lib/store/local/objects.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import type { Store } from "../../lib/store/store.ts";
import { sync } from "../../lib/sync/sync.ts";
import { wrapStore } from "../../lib/store/wrappers/wrap_store.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const DAY = 86_400_000;

/** A repository with an experiment that has a file, and an object that nothing refers to. */
async function make(path: string) {
  await initRepository(path);
  const store = new LocalStore(path);
  const { folder, definition } = await createExperiment(store, { kind: "k" });
  const run = await createRun(store, folder, {});
  const { name, sha256 } = await put(store, "a file");
  const file = expfile({ exp: definition.id, name: "f", sha256 });
  await store.append(`${run.folder}/log.jsonl`, 0, encode(`{"event":"e","ts":1,"file":${JSON.stringify(file)}}\n`));
  return { store, folder, log: `${run.folder}/log.jsonl`, object: name, waste: (await put(store, "waste")).name, file };
}

async function put(store: LocalStore, text: string) {
  const { sha256 } = await putObject(store, encode(text));
  return { sha256, name: `objects/${sha256.slice(0, 2)}/${sha256}` };
}

/** Collects as if all had been put and deleted days ago. */
async function collect(store: LocalStore): Promise<number> {
  const options = { olderThan: 0, now: Date.now() + 5 * DAY, putAt: () => 0 };
  return (await collectGarbage(await openReader(store), store, options)).objects;
}

const has = async (store: Store, name: string) => await store.stat(name) !== undefined;

/** The same folder, and behind a server. */
const ways: Record<string, (store: LocalStore) => Store> = {
  folder: (store) => store,
  server: (store) =>
    new RemoteStore({ location: "peer", base: "http://peer", transport: storeRoutes(store), pause: 0 }),
};

for (const [way, reach] of Object.entries(ways)) {
  Deno.test(`sync by ${way}: what was collected in one copy does not come back from another one [S4]`, async () => {
    await using folder = await scratch();
    const { store: a, object, waste } = await make(`${folder.path}/a`);
    const b = new LocalStore(`${folder.path}/b`);
    await sync(a, reach(b));
    assert(await has(b, waste));
    assertEquals(await collect(b), 1);
    for (let turn = 0; turn < 2; turn++) {
      const { sent, setbacks } = await sync(a, reach(b));
      assertEquals([sent.files, setbacks], [0, []]);
      assertEquals([await has(b, waste), await has(b, object), await has(a, waste)], [false, true, true]);
    }
    // One that is asked to compare everything brings everything.
    await sync(a, reach(b), { verify: true });
    assert(await has(b, waste));
  });

  Deno.test(`sync by ${way}: what was collected comes again with whatever refers to it, also after a cut [S5]`, async () => {
    await using folder = await scratch();
    const { store: a, folder: exp, log, object, waste } = await make(`${folder.path}/a`);
    const b = new LocalStore(`${folder.path}/b`);
    await sync(a, reach(b));
    await appendNote(b, exp, "dbx/delete", {});
    assertEquals(await collect(b), 2);
    await sync(a, reach(b));
    assertEquals([await has(b, log), await has(b, object), await has(b, waste)], [false, false, false]);
    await appendNote(b, exp, "dbx/restore", {});
    // It is cut when the log is there, and the object is not.
    await sync(withoutObjects(a), reach(b));
    assertEquals([await has(b, log), await has(b, object)], [true, false]);
    await sync(a, reach(b));
    assertEquals([await has(b, object), await has(b, waste)], [true, false]);
    // A line that comes and refers to the waste brings it too, in the same synchronisation.
    const { length } = await a.read(log);
    const file = expfile({ exp: exp.slice(-13), name: "w", sha256: waste.slice(-64) });
    await a.append(log, length, encode(`{"event":"w","ts":2,"file":${JSON.stringify(file)}}\n`));
    await sync(a, reach(b));
    assert(await has(b, waste));
    const [seen, known] = [await inventoryMap(withBulkFallback(b)), await inventoryMap(withBulkFallback(a))];
    assertEquals([...seen.keys()].sort(), [...known.keys()].sort());
  });
}

Deno.test("gc: what is needed after all may come again", async () => {
  await using folder = await scratch();
  const { store: a, folder: exp, object, waste } = await make(`${folder.path}/a`);
  const b = new LocalStore(`${folder.path}/b`);
  await sync(a, b);
  await collect(b);
  // Somebody logs a line without its object, in a way that tells nobody.
  const file = expfile({ exp: exp.slice(-13), name: "w", sha256: waste.slice(-64) });
  const run = await createRun(b, exp, {});
  await b.append(`${run.folder}/log.jsonl`, 0, encode(`{"event":"w","ts":2,"file":${JSON.stringify(file)}}\n`));
  await sync(a, b);
  assertEquals([await has(b, waste), await has(b, object)], [false, true]);
  await collect(b);
  await sync(a, b);
  assert(await has(b, waste));
});

/** A store that gives no object. */
function withoutObjects(store: LocalStore): Store {
  return wrapStore(store, {
    async *readMany(...given) {
      for await (const batch of store.readMany(...given)) {
        yield batch.filter(({ name }) => !name.startsWith("objects/"));
      }
    },
  });
}
