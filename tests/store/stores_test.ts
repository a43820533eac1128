import { DbxError } from "../../lib/base/errors.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { App } from "../../lib/server/app.ts";
import { serveHttp } from "../../lib/server/listen/listen.ts";
import { servePipe } from "../../lib/server/listen/listen_pipe.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { pipeTransport } from "../../lib/client/http/pipe_transport.ts";
import type { Transport } from "../../lib/client/http/exchange.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import type { Store } from "../../lib/store/store.ts";
import { MemoryStore } from "../../lib/store/memory_store.ts";
import { objectName } from "../../lib/format/layout/names.ts";
import { putObject } from "../../lib/store/local/objects.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { testStore } from "./contract.ts";
import { Random, testSeed } from "../format/random.ts";

const seeded = new Random(testSeed());

testStore("LocalStore", async () => {
  const folder = await scratch();
  return Object.assign(new LocalStore(folder.path), { [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() });
});
testStore(
  "MemoryStore",
  () => Promise.resolve(Object.assign(new MemoryStore(), { [Symbol.asyncDispose]: () => Promise.resolve() })),
);

/** A store behind the server's routes, reached in one of the ways that there are. */
async function remote(way: "handler" | "http" | "pipe"): Promise<Store & AsyncDisposable> {
  const folder = await scratch();
  const handler = storeRoutes(new LocalStore(folder.path));
  let base = "http://peer", stop = () => Promise.resolve();
  let transport: Transport = handler;
  if (way === "http") {
    const controller = new AbortController();
    const { promise: address, resolve: onListen } = Promise.withResolvers<string>();
    const app = new App({ repositories: [{ name: "r", store: new LocalStore(folder.path) }], token: "secret" });
    const served = serveHttp(app.handle, { signal: controller.signal, onListen }).then(() => app[Symbol.dispose]());
    base = await address;
    transport = fetch;
    stop = () => (controller.abort(), served);
  } else if (way === "pipe") {
    const [there, back] = [new TransformStream<Uint8Array>(), new TransformStream<Uint8Array>()];
    const writer = (stream: WritableStream<Uint8Array>) => {
      const to = stream.getWriter();
      return { write: (bytes: Uint8Array) => to.write(bytes), close: () => to.close() };
    };
    const to = writer(there.writable);
    const served = servePipe(handler, there.readable, writer(back.writable));
    transport = pipeTransport(back.readable, to, { who: "the far side" });
    stop = async () => (await to.close(), await served);
  }
  const store = new RemoteStore({
    location: "the peer",
    base,
    transport,
    token: way === "http" ? "secret" : undefined,
  });
  return Object.assign(store, {
    async [Symbol.asyncDispose]() {
      await stop();
      await folder[Symbol.asyncDispose]();
    },
  });
}
for (const way of ["handler", "http", "pipe"] as const) {
  testStore(`RemoteStore (${way})`, () => remote(way));
}

Deno.test("LocalStore: follows no symbolic link to a file, writes nothing read-only", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await Deno.symlink("/etc/passwd", `${folder.path}/link`);
  await assertRejects(() => store.read("link"), DbxError, "symbolic link");
  await assertRejects(() => store.append("link", 0, new Uint8Array()), DbxError, "symbolic link");
  const closed = new LocalStore(folder.path, { readOnly: true });
  await assertRejects(() => closed.create("x", new Uint8Array()), DbxError, "read-only");
});

Deno.test("LocalStore: an inventory knows the sizes of objects, and keeps them with the listing", async () => {
  await using folder = await scratch();
  const options = { cache: `${folder.path}/cache/folders`, now: () => Date.now() + 10_000 };
  await Deno.mkdir(`${folder.path}/cache`);
  const path = `${folder.path}/repo`;
  const names = ["a", "b", "c"].map((digit) => `objects/00/00${digit.repeat(62)}`);
  const sizes = async (fresh = false) => {
    // Another process each time.
    const entries = (await Array.fromAsync(new LocalStore(path, options).listFiles({ fresh }))).flat();
    return names.map((name) => entries.find((entry) => entry.name === name)?.size);
  };
  const store = new LocalStore(path);
  for (const [at, name] of names.slice(0, 2).entries()) await store.create(name, new Uint8Array(at + 5));
  assertEquals(await sizes(), [5, 6, undefined]);
  assertEquals(await sizes(), [5, 6, undefined]);
  // Objects never change: they are not looked at again until their folder changes, or somebody asks for a fresh look.
  await Deno.truncate(`${path}/${names[0]}`, 1);
  assertEquals(await sizes(), [5, 6, undefined]);
  assertEquals(await sizes(true), [1, 6, undefined]);
  await Deno.truncate(`${path}/${names[1]}`, 2);
  await store.create(names[2], new Uint8Array(7));
  assertEquals(await sizes(), [1, 2, 7]);
});

Deno.test("putObject: kept once under its hash, streamed, in bounded memory [slow]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  // In a process of its own, since the memory of this one is shared with other tests.
  const lib = new URL("../../lib/store/local/", import.meta.url).href;
  const script = `import { LocalStore } from "${lib}local_store.ts";
    import { putObject } from "${lib}objects.ts";
    let left = 600;
    const stream = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(1024 * 1024).fill(7));
        else controller.close();
      },
    }, { highWaterMark: 0 });
    const { sha256, size } = await putObject(new LocalStore(Deno.args[0]), stream);
    console.log(JSON.stringify({ sha256, size, rss: Deno.memoryUsage().rss }));`;
  await Deno.writeTextFile(`${folder.path}/put.ts`, script);
  const args = ["run", "-A", "--no-config", "--quiet", `${folder.path}/put.ts`, folder.path];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  const { sha256, size, rss } = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(size, 600 * 1024 * 1024);
  assert(rss < 300 * 1024 * 1024, `600 MiB must not enter memory: ${rss} bytes are in use`);
  assert(await store.stat(objectName(sha256)) !== undefined);
  const small = new TextEncoder().encode("abc");
  const one = await putObject(store, small);
  assertEquals(one.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assertEquals(await putObject(store, new Blob([small]).stream()), one);
  assertEquals(await new Response(await store.stream(objectName(one.sha256))).text(), "abc");
  const names = Array.from(Deno.readDirSync(`${folder.path}/objects`), (entry) => entry.name).sort();
  assertEquals(names, [sha256.slice(0, 2), "ba"].sort());
});

Deno.test("create: killed at random moments, every file that shows is whole [S37] [slow]", async () => {
  await using folder = await scratch();
  const module = new URL("../../lib/store/local/local_store.ts", import.meta.url).href;
  const script = `import { LocalStore } from "${module}";
    const store = new LocalStore(Deno.args[0]);
    for (let i = 0; ; i++) {
      await store.create("f/" + Deno.args[1] + "-" + i, new Uint8Array(200_000).fill(i % 251));
      if (i === 0) console.log("ready");
    }`;
  await Deno.writeTextFile(`${folder.path}/writer.ts`, script);
  const kill = async (index: number) => {
    const args = ["run", "-A", "--no-config", "--quiet", `${folder.path}/writer.ts`, `${folder.path}/r`, String(index)];
    const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, seeded.next() * 60));
    child.kill("SIGKILL");
    await reader.cancel();
    await child.status;
  };
  for (let round = 0; round < 10; round++) await Promise.all([kill(round * 2), kill(round * 2 + 1)]);
  let count = 0;
  for (const { name } of Deno.readDirSync(`${folder.path}/r/f`)) {
    if (name.startsWith(".tmp-")) continue;
    const bytes = Deno.readFileSync(`${folder.path}/r/f/${name}`);
    const fill = Number(name.split("-")[1]) % 251;
    assert(bytes.length === 200_000 && bytes.every((byte) => byte === fill), name);
    count++;
  }
  assert(count >= 20);
});
