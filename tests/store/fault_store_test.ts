import { DiskError } from "../../lib/fs/disk_error.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { MemoryStore } from "../../lib/store/memory_store.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { FaultFolder } from "../fs/fault_folder.ts";
import { testStore } from "./contract.ts";
import { faultStore } from "./fault_store.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const LOG = "a/0000000000exp/runs/0000000000run/log.jsonl";
const META = "a/0000000000exp/meta.json";

testStore("faultStore without faults", () => {
  const { store } = faultStore(new MemoryStore());
  return Promise.resolve(Object.assign(store, { [Symbol.asyncDispose]: () => Promise.resolve() }));
});

Deno.test("faultStore: a torn tail, times that tell nothing, a flush that fails, a byte that was changed", async () => {
  await using folder = await scratch();
  const { store, faults } = faultStore(new LocalStore(folder.path), { tear: 3 });
  await assertRejects(() => store.append(LOG, 0, encode("one\n")));
  assertEquals((await store.stat(LOG))?.size, 3);
  await store.append(LOG, 0, encode("one\n"));
  faults.time = () => 7;
  const [[entry]] = (await Array.fromAsync(store.listFiles())).filter((batch) => batch.length > 0);
  assertEquals([entry.name, entry.modifiedAt, entry.changedAt], [LOG, 7, 7]);
  faults.flush = new DiskError("Cannot write", 5, true, undefined);
  await assertRejects(() => store.create(META, encode("{}")), DiskError);
  faults.flip = (name) => name === LOG;
  const [[chunk]] = await Array.fromAsync(store.readMany([{ name: LOG, offset: 0 }]));
  assertEquals(new TextDecoder().decode(chunk.bytes), "nne\n");
});

Deno.test("FaultFolder: a local store gives no file its name that the disk did not keep", async () => {
  await using scratched = await scratch();
  const folder = new FaultFolder(scratched.path);
  const store = new LocalStore(scratched.path, { folder });
  await store.create(META, encode("{}"));
  const [first, second, third] = folder.log.filter((line) => line.startsWith("sync a/") || line.startsWith("place"));
  assertEquals([first.replace(/[0-9a-z]{13}$/, ""), second, third], [
    "sync a/0000000000exp/.tmp-",
    `place ${META}`,
    "sync a/0000000000exp/",
  ]);
  folder.faults.flush = (name) => name.includes(".tmp-");
  const other = META.replace("exp", "two");
  await assertRejects(() => store.create(other, encode("{}")), DiskError);
  assertEquals(await store.stat(other), undefined);
});
