// Files without a hash for a name that do not fit into one request: those of v0, and long definitions.
import { createHash } from "node:crypto";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import type { Transport } from "../../lib/client/http/exchange.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import type { FileChunk } from "../../lib/store/store.ts";
import { sync } from "../../lib/client/location/sync.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { frameOf } from "../../lib/protocol/frames.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../lib/protocol/version.ts";
import { wrapStore } from "../../lib/store/wrappers/wrap_store.ts";
import { serveBehindProxy } from "./behind_proxy.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  return bytes;
}

/** A v0 repository with a file of 9 MiB, and a v1 experiment whose definition has 5 MiB. */
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
    return new RemoteStore({ location: "peer", base: "http://peer", transport, pause: 1 });
  };
}

async function assertEqual(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of files) {
    const there = await Deno.readFile(`${path}/${name}`);
    assert(there.length === bytes.length && there.every((byte, at) => byte === bytes[at]), `${name} differs`);
  }
  assertEquals(Array.from(Deno.readDirSync(`${path}/.dbx/incoming`), ({ name }) => name), []);
}

Deno.test("sync: v0 files and definitions that span several requests arrive [S14]", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const files = await make(a);
  const peer = await served(b);
  assertEquals((await sync(a, peer(), { direction: "push" })).setbacks, []);
  await assertEqual(b, files);
  assertEquals((await sync(a, peer(), { direction: "push" })).sent.files, 0);
});

Deno.test("sync: of a file that spans several requests, each answer may be lost once [slow]", async () => {
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
  const size = 3_000_000;
  const [ours, theirs] = [noise(size), noise(size)];
  const take = async (bytes: Uint8Array<ArrayBuffer>, offset: number, withHash = true) => {
    const half = bytes.subarray(offset, offset + size / 2);
    const sha256 = withHash ? createHash("sha256").update(bytes).digest("hex") : undefined;
    const part: FileChunk = { name, offset, bytes: half, end: offset > 0, size, sha256 };
    const { setbacks } = await store.writeMany(ReadableStream.from([[part]]));
    return setbacks.map(({ kind }) => kind);
  };
  // Without a hash nothing stays of a file whose end does not come, and it is said.
  assertEquals(await take(ours, 0, false), ["retry"]);
  assertEquals(await take(ours, size / 2, false), ["retry"]);
  assertEquals(await take(ours, 0), []);
  assertEquals(await take(theirs, 0), []);
  assertEquals(await take(ours, size / 2), []);
  assertEquals(await take(theirs, size / 2), ["diverged"]);
  assert((await Deno.readFile(`${folder.path}/${name}`)).every((byte, at) => byte === ours[at]));
  // The last part again: its answer may have been lost, and another look tells.
  assertEquals(await take(ours, size / 2), ["retry"]);
  // Bytes of another hash never get the name.
  await store.remove(name);
  const sha256 = createHash("sha256").update(theirs).digest("hex");
  const wrong: FileChunk = { name, offset: 0, bytes: ours, end: true, size, sha256 };
  const { setbacks: [setback] } = await store.writeMany(ReadableStream.from([[wrong]]));
  assertEquals(setback.kind, "damaged");
  assertEquals(await store.stat(name), undefined);
});

/** The same, with an object and a log that are long too. */
async function makeMore(path: string): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map(await make(path));
  const object = noise(5 * 1024 * 1024);
  const hash = createHash("sha256").update(object).digest("hex");
  const line = (at: number) => `{"event":"e/${at}","ts":1,"value":"${noise(1000).toHex()}"}\n`;
  const ref = `{"event":"f","ts":1,"f":{"_dbx":"expfile","exp":"0exp000000001","name":"o","sha256":"${hash}"}}\n`;
  const more: [string, Uint8Array<ArrayBuffer>][] = [
    ["dbx.json", encode(`{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}\n`)],
    ["0exp000000001/runs/0run000000001/meta.json", encode(`{"id":"0run000000001","createdAt":"2026-01-01T00:00:00Z"}`)],
    [
      "0exp000000001/runs/0run000000001/log.jsonl",
      encode(ref + Array.from({ length: 2000 }, (_, at) => line(at)).join("")),
    ],
    [`objects/${hash.slice(0, 2)}/${hash}`, object],
  ];
  for (const [name, bytes] of more) {
    await new LocalStore(path).create(name, bytes);
    if (name !== "dbx.json") files.set(name, bytes);
  }
  return files;
}

Deno.test("push: over a line that cuts each connection within a body, all arrives at once [S15] [slow]", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const files = await makeMore(a);
  await initRepository(b);
  await using server = await serveBehindProxy(b);
  using peer = server.connect();
  await peer.stat("dbx.json"); // One that has never answered is not waited for.
  server.proxy.reset({ way: "up", at: 1_300_000, each: true });
  assertEquals((await sync(a, peer, { direction: "push" })).setbacks, []);
  await assertEqual(b, files);
});

/** Bytes of a repository that are there, in files and in what comes of them. */
async function bytesIn(path: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    if (name === "index") continue;
    const inside = `${path}/${name}`;
    try {
      bytes += isDirectory ? await bytesIn(inside) : (await Deno.stat(inside)).size;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // It got its name meanwhile.
    }
  }
  return bytes;
}

Deno.test("push: killed again and again within a body, each attempt goes on where the one before ended [S15, S40] [slow]", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const files = await makeMore(a);
  await initRepository(b);
  await using server = await serveBehindProxy(b);
  let attempts = 0;
  for (let isDone = false; !isDone; attempts++) {
    const before = await bytesIn(b);
    using peer = server.connect();
    server.proxy.reset({ way: "up", at: 2_500_000 });
    // As if the program was killed: it does not try again.
    const killed = new Proxy(peer, {
      get(target, key) {
        const own: unknown = Reflect.get(target, key, target);
        if (typeof own !== "function") return own;
        return (...given: unknown[]) => {
          if (server.proxy.isDone) throw new Error("killed");
          return own.apply(target, given);
        };
      },
    });
    const controller = new AbortController();
    const watching = setInterval(() => server.proxy.isDone && controller.abort(new Error("killed")), 1);
    try {
      isDone = (await sync(a, killed, { direction: "push", signal: controller.signal })).setbacks.length === 0;
    } catch {
      // It was cut. All whole frames of what came are kept, as soon as the server has come to it.
      const until = Date.now() + 60_000;
      while (!server.isIdle || await bytesIn(b) < before + 2_000_000) {
        assert(Date.now() < until, `attempt ${attempts} brought ${await bytesIn(b) - before} bytes`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      clearInterval(watching);
    }
  }
  await assertEqual(b, files);
  assert(attempts > 4, `${attempts} attempts are too few for this test`);
});

Deno.test("sync/inventory: tells of what came of a body that was cut before, however slowly it is written", async () => {
  await using folder = await scratch();
  await initRepository(folder.path);
  const store = new LocalStore(folder.path);
  const { promise: isWritten, resolve: write } = Promise.withResolvers<void>();
  const { promise: isTaking, resolve: begin } = Promise.withResolvers<void>();
  const slow = wrapStore(store, {
    async writeMany(...given) {
      begin();
      await isWritten;
      return await store.writeMany(...given);
    },
  });
  const handle = storeRoutes(slow);
  const ask = (route: string, body: BodyInit) =>
    handle(
      new Request(`http://peer/api/v1/sync/${route}`, {
        method: "POST",
        body,
        headers: { [PROTOCOL_HEADER]: PROTOCOL },
      }),
    );
  const name = "0exp000000001/meta.json";
  const bytes = encode(`{"id":"0exp000000001","createdAt":"2026-01-01T00:00:00.000Z"}`);
  const frame = frameOf({ name, offset: 0, bytes, size: bytes.length, end: true });
  let pulls = 0;
  const cut = ask(
    "take",
    new ReadableStream({
      pull(controller) {
        if (pulls++ === 0) controller.enqueue(frame);
        else controller.error(new Error("the line is cut"));
      },
    }, { highWaterMark: 1 }),
  );
  await isTaking;
  let isTold = false;
  const told = ask("inventory", "{}").finally(() => isTold = true);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert(!isTold, "it was told before all that came was kept");
  write();
  assert((await (await told).text()).includes(name));
  assertEquals((await cut).status, 400);
});
