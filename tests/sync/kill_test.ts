import { createHash } from "node:crypto";
import { classifyPath } from "../../lib/format/layout/file_kind.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { sync } from "../../lib/client/location/sync.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random } from "../format/random.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const lib = new URL("../../lib/", import.meta.url).href;
const random = new Random(5);

/** A repository whose transfer takes a while: many small files, longer logs, objects that are sent in parts. */
async function make(root: string): Promise<void> {
  const store = new LocalStore(root);
  const time = `"createdAt":"2026-01-01T09:00:00.000Z"`;
  await store.create("dbx.json", encode(`{"dbx":1,"id":"0000000000abc",${time}}`));
  for (let at = 10; at < 40; at++) {
    const exp = `00000000000${at}`;
    const run = `${exp}/runs/0000000000run`;
    await store.create(`${exp}/meta.json`, encode(`{"id":"${exp}",${time}}`));
    await store.create(`${run}/meta.json`, encode(`{"id":"0000000000run",${time}}`));
    await store.append(
      `${run}/log.jsonl`,
      0,
      encode(`{"event":"x","value":${at}}\n`.repeat(at % 10 === 0 ? 60_000 : 50)),
    );
  }
  for (const seed of [1, 2]) {
    const bytes = new Uint8Array(6_000_000).map((_, at) => (at * seed) >> 3);
    const hash = createHash("sha256").update(bytes).digest("hex");
    await store.create(`objects/${hash.slice(0, 2)}/${hash}`, bytes);
  }
}

/** Appends to some logs, so that there is always something to do. */
async function grow(root: string): Promise<void> {
  for (let count = 5; count > 0; count--) {
    const log = `${root}/00000000000${10 + random.below(30)}/runs/0000000000run/log.jsonl`;
    await Deno.writeTextFile(log, `{"event":"y","value":${random.next()}}\n`.repeat(random.below(9000)), {
      append: true,
    });
  }
}

/** What is wrong with a copy. */
async function faults(source: string, copy: string, whole: boolean): Promise<string[]> {
  const found: string[] = [];
  const store = new LocalStore(copy);
  const names = new Set<string>();
  for await (const batch of store.listFiles()) {
    for (const { name, partial } of batch) {
      if (partial) continue;
      names.add(name);
      const [truth, bytes] = [await Deno.readFile(`${source}/${name}`), await Deno.readFile(`${copy}/${name}`)];
      const isPart = classifyPath(name) === "log" && !whole;
      const isEqual = (isPart ? bytes.length <= truth.length : bytes.length === truth.length) &&
        createHash("sha256").update(truth.subarray(0, bytes.length)).digest("hex") ===
          createHash("sha256").update(bytes).digest("hex");
      if (!isEqual) found.push(`${name}: ${bytes.length} of ${truth.length}`);
    }
  }
  if (!whole) return found;
  for await (const batch of new LocalStore(source).listFiles()) {
    for (const { name } of batch) if (!names.has(name)) found.push(`${name} is missing`);
  }
  return found;
}

function start(script: string, ...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", "--no-check", script, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

const COPY = `import { sync } from "${lib}client/location/sync.ts";
  import { LocalStore } from "${lib}store/local/local_store.ts";
  import { RemoteStore } from "${lib}client/store/remote_store.ts";
  const [a, b] = Deno.args.map((at) => at.startsWith("http")
    ? new RemoteStore({ location: at, base: at, transport: (request) => fetch(request) })
    : new LocalStore(at));
  console.log("ready");
  await sync(a, b, { direction: "push" });`;
const SERVE = `import { serveHttp } from "${lib}server/listen/listen.ts";
  import { App } from "${lib}server/app.ts";
  import { LocalStore } from "${lib}store/local/local_store.ts";
  const app = new App({ repositories: [{ name: "r", store: new LocalStore(Deno.args[0]) }], hosts: ["127.0.0.1"] });
  await serveHttp(app.handle, { port: Number(Deno.args[1] ?? 0), onListen: (url) => console.log(url) });`;

/** The first line that a process prints; undefined where it ended before. */
async function said(child: Deno.ChildProcess): Promise<string | undefined> {
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return value === undefined ? undefined : new TextDecoder().decode(value).trim();
}

async function stop(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch {
    // It had ended.
  }
  await child.stdout.cancel();
  await child.status;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How long a whole transfer takes, so that kills fall into it. */
async function duration(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

Deno.test("sync: killed 100 times between folders, nothing is lost, torn or doubled [slow]", async () => {
  await using folder = await scratch();
  const a = `${folder.path}/a`;
  await make(a);
  const ms = await duration(() => sync(a, `${folder.path}/warm`));
  let b = `${folder.path}/b0`;
  for (let kill = 0; kill < 100; kill++) {
    // A new copy now and then, else only what was added would be sent.
    if (kill % 10 === 0) b = `${folder.path}/b${kill}`;
    await grow(a);
    const child = start(COPY, a, b);
    await said(child);
    await pause(random.next() * ms);
    await stop(child);
    await Deno.mkdir(b, { recursive: true });
    assertEquals(await faults(a, b, false), [], `kill ${kill}`);
    if (kill % 10 !== 9) continue;
    assertEquals((await sync(a, b)).setbacks, []);
    assertEquals(await faults(a, b, true), []);
    await Deno.remove(b, { recursive: true });
  }
});

Deno.test("sync: server and client killed 100 times, nothing is lost, torn or doubled [slow]", async () => {
  await using folder = await scratch();
  const a = `${folder.path}/a`;
  await make(a);
  let b = `${folder.path}/b0`, ms = 0;
  for (let kill = 0; kill < 100; kill++) {
    if (kill % 10 === 0) {
      b = `${folder.path}/b${kill}`;
      await Deno.mkdir(b);
    }
    await grow(a);
    const server = start(SERVE, b);
    const url = await said(server);
    assert(url !== undefined);
    const store = new RemoteStore({ location: "b", base: url, transport: (request) => fetch(request) });
    if (kill === 0) ms = await duration(() => sync(a, store, { direction: "push" }));
    if (kill % 2 === 0) {
      const client = start(COPY, a, url);
      await said(client);
      await pause(random.next() * ms);
      await stop(client);
    } else {
      const controller = new AbortController();
      const work = sync(a, store, { direction: "push", signal: controller.signal }).catch(() => {});
      await pause(random.next() * ms);
      await stop(server);
      controller.abort(); // The client would try again for some seconds.
      await work;
    }
    if (kill % 2 === 0) await stop(server);
    assertEquals(await faults(a, b, false), [], `kill ${kill}`);
    if (kill % 10 !== 9) continue;
    const last = start(SERVE, b);
    const base = await said(last) ?? "";
    const whole = new RemoteStore({ location: "b", base, transport: (request) => fetch(request) });
    assertEquals((await sync(a, whole)).setbacks, []);
    await stop(last);
    assertEquals(await faults(a, b, true), []);
    await Deno.remove(b, { recursive: true });
  }
});

Deno.test("sync: a connection that is cut at random bytes [slow]", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  await make(a);
  await Deno.mkdir(b);
  const server = start(SERVE, b);
  const { port } = new URL(await said(server) ?? "");
  let left = Infinity;
  const proxy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const proxied = (async () => {
    for await (const client of proxy) {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
      const relay = async (from: Deno.TcpConn, to: Deno.TcpConn) => {
        const buffer = new Uint8Array(16 * 1024);
        try {
          for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
            const bytes = buffer.subarray(0, Math.min(count, left));
            left -= count;
            for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
            if (left <= 0) throw new Error("cut");
          }
        } catch {
          // Both ends go at once.
        }
        for (const end of [client, far]) {
          try {
            end.close();
          } catch {
            // It is closed.
          }
        }
      };
      relay(client, far);
      relay(far, client);
    }
  })();
  const base = `http://127.0.0.1:${(proxy.addr as Deno.NetAddr).port}`;
  try {
    for (let turn = 0; turn < 30; turn++) {
      await grow(a);
      left = Math.floor(random.next() ** 3 * 9_000_000);
      const client = Deno.createHttpClient({});
      const transport = (request: Request) => fetch(request, { client });
      const store = new RemoteStore({ location: "b", base, transport });
      await sync(a, store, { direction: "push", signal: AbortSignal.timeout(1500) }).catch(() => {});
      client.close();
      assertEquals(await faults(a, b, false), [], `turn ${turn}`);
    }
    left = Infinity;
    const store = new RemoteStore({ location: "b", base, transport: (request) => fetch(request) });
    assertEquals((await sync(a, store)).setbacks, []);
    assertEquals(await faults(a, b, true), []);
  } finally {
    proxy.close();
    await proxied;
    await stop(server);
  }
});
