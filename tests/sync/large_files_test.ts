// Files without a hash for a name that do not fit into one request: those of version 0, and long definitions.
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local.ts";
import { RemoteStore, type Transport } from "../../lib/store/remote/remote.ts";
import type { Part } from "../../lib/store/store.ts";
import { sync } from "../../lib/sync/sync.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  return bytes;
}

/** A repository of version 0 with a file of 9 MiB, and an experiment of version 1 whose definition has 5 MiB. */
async function make(path: string): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const store = new LocalStore(path);
  const files = new Map<string, Uint8Array<ArrayBuffer>>([
    ["Ab3_x9ZkQ0pLm/meta.json", encode(`{"kind":"k","name":"","params":{}}`)],
    ["Ab3_x9ZkQ0pLm/log.jsonl", encode(`{"event":"e"}\n`)],
    ["Ab3_x9ZkQ0pLm/weights.bin", noise(9 * 1024 * 1024)],
    [
      "0exp000000001/meta.json",
      encode(`{"id":"0exp000000001","createdAt":"2026-01-01T00:00:00.000Z","notes":"${noise(2_500_000).toHex()}"}`),
    ],
  ]);
  for (const [name, bytes] of files) await store.create(name, bytes);
  return files;
}

async function served(path: string) {
  await initRepository(path);
  const handle = storeRoutes(new LocalStore(path));
  return (around?: (request: Request, answer: Response) => Response): RemoteStore => {
    const transport: Transport = async (request) => {
      const answer = await handle(request);
      return around?.(request, answer) ?? answer;
    };
    return new RemoteStore({ location: "peer", base: "http://peer", transport });
  };
}

async function assertEqual(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of files) {
    const there = await Deno.readFile(`${path}/${name}`);
    assert(there.length === bytes.length && there.every((byte, at) => byte === bytes[at]), `${name} differs`);
  }
  assertEquals(Array.from(Deno.readDirSync(`${path}/.dbx/incoming`), ({ name }) => name), []);
}

Deno.test("sync: files of version 0 and definitions that span several requests arrive", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const files = await make(a);
  const peer = await served(b);
  assertEquals((await sync(a, peer(), { direction: "push" })).setbacks, []);
  await assertEqual(b, files);
  assertEquals((await sync(a, peer(), { direction: "push" })).sent.files, 0);
});

Deno.test("sync: of a file that spans several requests, each answer may be lost once", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const files = await make(a);
  let taken = 0;
  const peer = await served(b);
  const lossy = peer((request, answer) => {
    if (!request.url.includes("/sync/take") || taken++ % 2 === 1) return answer;
    throw new TypeError("connection reset"); // It did what it was asked for, and nobody hears of it.
  });
  assertEquals((await sync(a, lossy, { direction: "push" })).setbacks, []);
  assert(taken > 4, `${taken} requests are too few for this test`);
  await assertEqual(b, files);
});

Deno.test("LocalStore: two uploads of one name in turns are never mixed", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  const name = "Ab3_x9ZkQ0pLm/weights.bin";
  const [ours, theirs] = [noise(2000), noise(2000)];
  const take = async (upload: string, bytes: Uint8Array<ArrayBuffer>, offset: number) => {
    const half = bytes.subarray(offset, offset + 1000);
    const part: Part = { name, offset, bytes: half, end: offset > 0, size: bytes.length };
    const { setbacks } = await store.take(ReadableStream.from([[part]]), { upload });
    return setbacks.map(({ kind }) => kind);
  };
  assertEquals(await take("a", ours, 0), []);
  assertEquals(await take("b", theirs, 0), []);
  assertEquals(await take("a", ours, 1000), []);
  assertEquals(await take("b", theirs, 1000), ["diverged"]);
  assertEquals(await Deno.readFile(`${folder.path}/${name}`), ours);
  // The last part again: its answer may have been lost. But of other bytes it is another file.
  assertEquals(await take("a", ours, 1000), []);
  assertEquals(await take("c", theirs, 1000), ["retry"]);
});
