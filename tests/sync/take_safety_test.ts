// What a target does besides the table: locks, the disk, what it keeps of large files, and the limits of frames.
import { deflateRawSync } from "node:zlib";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { bodyOf, frame } from "../../lib/protocol/frames.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { bodyWith, encode, objectOf, sha256, take } from "./take_body.ts";

const EXP = "0000000000exp";
const META = `${EXP}/meta.json`;
const LOG = `${EXP}/runs/0000000000run/log.jsonl`;
const OLD = "Ab3_x9ZkQ0pLm";
const MIB = 1024 * 1024;
const WHOLE = "x".repeat(MIB + 10);
const [A, B, C] = ["a", "b", "c"].map((event) => `{"event":"${event}","ts":1}\n`);

Deno.test("sync/take: of a large object whose end does not come, what came is kept and listed; it goes on from there [S40]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  const name = objectOf(WHOLE);
  const first = { name, text: WHOLE.slice(0, MIB), size: WHOLE.length, end: false };
  assertEquals((await take(store, bodyWith([first]))).taken, [MIB]);
  const partial = (await Array.fromAsync(store.listFiles())).flat().filter((entry) => entry.partial);
  assertEquals(partial.map(({ name, size }) => [name, size]), [[name, MIB]]);
  const rest = { name, text: WHOLE.slice(MIB), offset: MIB };
  assertEquals((await take(store, bodyWith([rest]))).taken, [WHOLE.length]);
  assertEquals(await Deno.readTextFile(`${folder.path}/${name}`), WHOLE);
  // Where the beginning is wrong, the whole is dropped, and comes again from byte 0.
  await store.remove(name);
  await take(store, bodyWith([{ ...first, text: "y".repeat(MIB) }]));
  const { setbacks } = await take(store, bodyWith([rest]));
  assertEquals(setbacks.map(({ kind }: { kind: string }) => kind), ["retry"]);
  assertEquals((await Array.fromAsync(store.listFiles())).flat(), []);
});

Deno.test("sync/take: a log is extended under a lock that others hold to [S45]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await store.create(LOG, encode(A));
  const code = `const file = await Deno.open(Deno.args[0], { read: true, append: true });
    await file.lock(true);
    console.log("locked");
    // Whoever takes holds its process up, which cannot say when it waits.
    await new Promise((resolve) => setTimeout(resolve, 600));
    await file.write(new TextEncoder().encode(Deno.args[1]));
    await file.unlock();`;
  const args = ["eval", "--no-config", code, `${folder.path}/${LOG}`, B];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stdin: "null" }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const { setbacks } = await take(store, bodyWith([{ name: LOG, text: C, offset: A.length }]));
  await reader.cancel();
  assert((await child.status).success);
  assertEquals(setbacks.map(({ kind }: { kind: string }) => kind), ["diverged"]);
  assertEquals(await Deno.readTextFile(`${folder.path}/${LOG}`), A + B);
});

Deno.test("sync/take: all is on the disk before it is said to be taken [S46]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await store.create(LOG, encode(A));
  const synced = new Set<number | null>();
  const own = Deno.FsFile.prototype.sync;
  Deno.FsFile.prototype.sync = async function (this: Deno.FsFile) {
    const { ino } = await this.stat();
    await own.call(this);
    synced.add(ino);
  };
  try {
    const sent = [{ name: META, text: "{}" }, { name: LOG, text: B, offset: A.length }, {
      name: objectOf("good"),
      text: "good",
    }];
    assertEquals((await take(store, bodyWith(sent))).setbacks, []);
    // The files, and the folders in which new names stand.
    for (const name of [META, LOG, objectOf("good"), EXP, "objects/" + sha256("good").slice(0, 2), "objects"]) {
      assert(synced.has((await Deno.stat(`${folder.path}/${name}`)).ino), name);
    }
  } finally {
    Deno.FsFile.prototype.sync = own;
  }
});

Deno.test("sync/take: a frame may have keys that nobody knows [S51], and inflates to no more than it may [S55]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  const known = { name: META, offset: 0, size: 2, end: true };
  assertEquals((await take(store, bodyOf([frame(JSON.stringify({ ...known, later: [1] }), encode("{}"))]))).taken, [2]);
  const name = `${OLD}/w.bin`;
  const frames = (count: number, length: number) => {
    const packed = deflateRawSync(new Uint8Array(length));
    return Array.from({ length: count }, (_, at) => {
      const head = { name, offset: at * length, size: count * length, inflated: length };
      return frame(JSON.stringify({ ...head, ...(at === count - 1 && { end: true }) }), packed);
    });
  };
  for (const [body, status] of [[frames(1, MIB + 1), 400], [frames(65, MIB), 400], [frames(64, MIB), 200]] as const) {
    assertEquals((await take(store, bodyOf(body))).status, status);
  }
  assertEquals((await Deno.stat(`${folder.path}/${name}`)).size, 64 * MIB);
});

Deno.test("sync/settle: gives a file its time, unless it has another length by now [S60]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  for (const name of [META, LOG]) await store.create(name, encode(A));
  const files = [[META, A.length, 1_000_000_000_000], [LOG, A.length - 1, 1_000_000_000_000], [`${EXP}/x.bin`, 1, 5]];
  const body = JSON.stringify({ files });
  const response = await storeRoutes(store)(
    new Request("http://h/api/v1/sync/settle", { method: "POST", headers: { "dbx-protocol": "1" }, body }),
  );
  assertEquals(response.status, 204);
  const time = async (name: string) => (await Deno.stat(`${folder.path}/${name}`)).mtime?.getTime();
  assertEquals(await time(META), 1_000_000_000_000);
  assert(await time(LOG) !== 1_000_000_000_000);
});
