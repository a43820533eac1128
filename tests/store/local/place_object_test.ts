import { createHash } from "node:crypto";
import { objectName } from "../../../lib/format/layout/names.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { placeObject } from "../../../lib/store/local/place_object.ts";
import type { FileChunk, WriteReport } from "../../../lib/store/store.ts";
import { sync } from "../../../lib/client/location/sync.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const MiB = 1024 * 1024;

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A taker that is fed frame by frame. */
function taking(store: LocalStore): { send(part: FileChunk): Promise<void>; end(): Promise<WriteReport> } {
  let wake = () => {};
  let asked = () => {};
  let waits = new Promise<void>((resolve) => asked = resolve);
  const queue: FileChunk[] = [];
  let isOver = false;
  const parts = (async function* () {
    while (true) {
      if (queue.length > 0) yield [queue.shift()!];
      else if (isOver) return;
      else {
        const next = new Promise<void>((resolve) => wake = resolve);
        asked();
        await next;
      }
    }
  })();
  const done = store.writeMany(parts);
  return {
    async send(part) {
      await waits;
      waits = new Promise<void>((resolve) => asked = resolve);
      queue.push(part);
      wake();
      await waits; // It has taken the part, and asks for the next one.
    },
    async end() {
      await waits;
      isOver = true;
      wake();
      return await done;
    },
  };
}

/** All orders of the steps of two, each of which keeps its own order. */
function* interleavings(a: number, b: number): Generator<string> {
  if (a === 0 && b === 0) return yield "";
  if (a > 0) { for (const rest of interleavings(a - 1, b)) yield `a${rest}`; }
  if (b > 0) { for (const rest of interleavings(a, b - 1)) yield `b${rest}`; }
}

/** Parts of an object of 3 MiB, from an offset, with a flipped byte in the frame `flipped`. */
function frames(bytes: Uint8Array, offset: number, flipped?: number): FileChunk[] {
  const name = objectName(sha256(bytes));
  const parts: FileChunk[] = [];
  for (let at = offset; at < bytes.length; at += MiB) {
    const piece = bytes.slice(at, at + MiB);
    if (parts.length === flipped) piece[77] ^= 1;
    parts.push({ name, offset: at, bytes: piece, end: at + MiB >= bytes.length, size: bytes.length });
  }
  return parts;
}

Deno.test("take: two uploads of one object at once, one of them wrong, in every order: only right bytes get the name [slow]", async () => {
  const bytes = new Uint8Array(3 * MiB).map((_, at) => at * 7);
  const hash = sha256(bytes);
  const orders = [...interleavings(4, 4)];
  assertEquals(orders.length, 70);
  await using folder = await scratch();
  for (const [at, order] of orders.entries()) {
    const path = `${folder.path}/${at}`;
    await Deno.mkdir(path);
    // Two stores, as two connections of a server or two processes have.
    const steps = {
      a: { taker: taking(new LocalStore(path)), parts: frames(bytes, 0), ended: undefined as WriteReport | undefined },
      b: {
        taker: taking(new LocalStore(path)),
        parts: frames(bytes, 0, at % 3),
        ended: undefined as WriteReport | undefined,
      },
    };
    for (const who of order) {
      const step = steps[who as "a" | "b"];
      const part = step.parts.shift();
      if (part !== undefined) await step.taker.send(part);
      else step.ended = await step.taker.end();
    }
    const good = steps.a.ended!.setbacks;
    const bad = steps.b.ended!.setbacks.map(({ kind }) => kind);
    assertEquals(good, [], order);
    // Where the good one was first, the other one's bytes are not looked at.
    const isFirst = order.lastIndexOf("a") < order.indexOf("b");
    assert(bad.join() === "damaged" || bad.length === 0, order);
    if (!isFirst && order.lastIndexOf("b") < order.lastIndexOf("a")) assertEquals(bad, ["damaged"], order);
    const placed = await Deno.readFile(`${path}/${objectName(hash)}`);
    assertEquals(sha256(placed), hash, order);
    assertEquals([...Deno.readDirSync(`${path}/.dbx/incoming`)].length, 0, order);
    await Deno.remove(path, { recursive: true });
  }
});

Deno.test("take: what a wrong upload left is not what a right one goes on with for good", async () => {
  const bytes = new Uint8Array(3 * MiB).map((_, at) => at * 11);
  const hash = sha256(bytes);
  await using folder = await scratch();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  const exp = "0000000000exp";
  for (const path of [from, to]) {
    const store = new LocalStore(path);
    await store.create("dbx.json", new TextEncoder().encode(`{"dbx":1,"id":"0000000000rep","createdAt":1}\n`));
    await store.create(`${exp}/meta.json`, new TextEncoder().encode(`{"id":"${exp}","createdAt":1}\n`));
  }
  await new LocalStore(from).create(objectName(hash), bytes);
  // A wrong beginning of 2 MiB was kept, as of a cut transfer.
  const wrong = taking(new LocalStore(to));
  for (const part of frames(bytes, 0, 1).slice(0, 2)) await wrong.send(part);
  assertEquals((await wrong.end()).setbacks, []);
  assertEquals((await Deno.stat(`${to}/.dbx/incoming/${hash}`)).size, 2 * MiB);
  const { setbacks } = await sync(from, to, { direction: "push" });
  assertEquals(setbacks, []);
  assertEquals(sha256(await Deno.readFile(`${to}/${objectName(hash)}`)), hash);
  assertEquals([...Deno.readDirSync(`${to}/.dbx/incoming`)].length, 0);
});

Deno.test("take: bytes that were changed on the disk before the object got its name are found", async () => {
  const bytes = new Uint8Array(3 * MiB).map((_, at) => at * 13);
  const hash = sha256(bytes);
  await using folder = await scratch();
  const taker = taking(new LocalStore(folder.path));
  const parts = frames(bytes, 0);
  await taker.send(parts[0]);
  await taker.send(parts[1]);
  {
    // Somebody who takes no lock writes into it.
    using file = await Deno.open(`${folder.path}/.dbx/incoming/${hash}`, { write: true });
    await file.write(new Uint8Array([1, 2, 3]));
  }
  await taker.send(parts[2]);
  assertEquals((await taker.end()).setbacks.map(({ kind }) => kind), ["damaged"]);
  assertEquals(await new LocalStore(folder.path).stat(objectName(hash)), undefined);
});

Deno.test("placeObject: places, says that it is there, or refuses; the temporary file is gone each time", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  const bytes = new TextEncoder().encode("some bytes");
  const hash = sha256(bytes);
  const temporary = ".dbx/incoming/.tmp-1";
  for (const [data, is] of [["some byteZ", "damaged"], ["some bytes", "placed"], ["some bytes", "there"]] as const) {
    await store.create(temporary, new TextEncoder().encode(data));
    assertEquals(await placeObject(store, temporary, hash), is);
    assertEquals(await store.stat(temporary), undefined);
    assertEquals(await store.stat(objectName(hash)) === undefined, is === "damaged");
  }
});
