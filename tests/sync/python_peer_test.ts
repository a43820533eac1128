// Another implementation against ours: a client in Python that was written by the two specifications alone.
import { createHash } from "node:crypto";
import { initRepository } from "../../lib/repo/open.ts";
import { App } from "../../lib/server/app.ts";
import { serveHttp } from "../../lib/server/listen/listen.ts";
import { inventoryMap, withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const PEER = decodeURIComponent(new URL("peer.py", import.meta.url).pathname);
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function python(...words: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("python3", { args: [PEER, ...words] }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

async function hasPython(): Promise<boolean> {
  try {
    return (await new Deno.Command("python3", { args: ["--version"], stdout: "null" }).output()).success;
  } catch {
    console.error("skipped: there is no python3 here");
    return false;
  }
}

function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  return bytes;
}

/** All that specifications say of files: names in any script, long ones, v0, NaN, a torn tail, an object. */
async function make(path: string): Promise<void> {
  await initRepository(path);
  const store = new LocalStore(path);
  const object = noise(3_000_000);
  const hash = createHash("sha256").update(object).digest("hex");
  const time = `"createdAt":"2026-01-01T00:00:00.000Z"`;
  const exp = 'größe/a"b/0000000000exp';
  const run = `${exp}/runs/0000000000run`;
  const file = `{"_dbx":"expfile","exp":"0000000000exp","name":"f","sha256":"${hash}"}`;
  const lines = [
    `{"event":"a/1","ts":1,"v":0.5,"f":${file}}`,
    `{"event":"a/2","ts":2,"v":NaN,"w":1e999}`,
    `{"v":1,"event":"odd"}`,
    "nonsense",
    `{"event":"long","ts":3,"text":"${"x".repeat(1_500_000)}"}`,
  ];
  const files: [string, Uint8Array][] = [
    [`${exp}/meta.json`, encode(`{"id":"0000000000exp","name":"größe/a\\"b","params":{"lr":Infinity},${time}}`)],
    [`${run}/meta.json`, encode(`{"id":"0000000000run",${time},"long":"${noise(800_000).toHex()}"}`)],
    [`${run}/log.jsonl`, encode(lines.join("\n") + `\n{"event":"torn`)],
    ["Ab3_x9ZkQ0pLm/meta.json", encode(`{"kind":"old"}`)],
    ["Ab3_x9ZkQ0pLm/log.jsonl", encode(`{"event":"v0"}\n`)],
    ["Ab3_x9ZkQ0pLm/sub/model.bin", noise(2_500_000)],
    [`objects/${hash.slice(0, 2)}/${hash}`, object],
  ];
  for (const [name, bytes] of files) await store.create(name, bytes);
}

async function served(path: string) {
  const controller = new AbortController();
  const { promise, resolve: onListen } = Promise.withResolvers<string>();
  const app = new App({ repositories: [{ name: "r", store: new LocalStore(path) }], hosts: ["127.0.0.1"] });
  const done = serveHttp(app.handle, { signal: controller.signal, onListen });
  return {
    url: await promise,
    async [Symbol.asyncDispose]() {
      controller.abort();
      await done;
      app[Symbol.dispose]();
    },
  };
}

/** What a copy must hold of another one: of logs, whole lines. */
async function assertCopied(from: string, to: string): Promise<void> {
  const [source, target] = [new LocalStore(from), new LocalStore(to)];
  const [all, got] = [await inventoryMap(withBulkFallback(source)), await inventoryMap(withBulkFallback(target))];
  assertEquals([...got.keys()].sort(), [...all.keys()].sort());
  for (const name of all.keys()) {
    if (name === "dbx.json") continue;
    const bytes = await source.read(name);
    const whole = name.endsWith(".jsonl") ? bytes.subarray(0, bytes.lastIndexOf(10) + 1) : bytes;
    assert(areEqual(await target.read(name), whole), `${name} differs`);
  }
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

Deno.test("a client in Python pulls, pushes and reads what dbx does [slow]", async () => {
  if (!await hasPython()) return;
  await using folder = await scratch();
  const [source, pulled, pushed] = ["source", "pulled", "pushed"].map((name) => `${folder.path}/${name}`);
  await make(source);
  {
    await using server = await served(source);
    await python("pull", server.url, pulled);
  }
  await assertCopied(source, pulled);
  await initRepository(pushed);
  {
    await using server = await served(pushed);
    await python("push", server.url, pulled);
    await python("push", server.url, pulled); // Nothing is left to do.
  }
  await assertCopied(pulled, pushed);
  assertEquals(Array.from(Deno.readDirSync(`${pushed}/.dbx/incoming`), ({ name }) => name), []);
  // Both read the same of it, and the same line is damaged.
  const read = JSON.parse(await python("read", pushed));
  const query = async (sql: string) => JSON.parse((await dbx(["query", "-R", pushed, "--json", sql])).stdout);
  const events = await query("SELECT event, ts, data FROM events WHERE exp = '0000000000exp' AND event <> 'long'");
  const theirs = read.events.map(([, event, ts, data]: [string, string, number | null, unknown]) => ({
    event,
    ts,
    data,
  }));
  const sorted = (list: { event: string }[]) => list.toSorted((a, b) => (a.event < b.event ? -1 : 1));
  assertEquals(
    sorted(events.map((row: { data: string }) => ({ ...row, data: JSON.parse(row.data) }))),
    sorted(theirs.filter(({ event }: { event: string }) => event !== "long")),
  );
  assertEquals(read.damaged.length, 1);
  assertEquals(read.experiments[`größe/a"b/0000000000exp`], { lr: { _dbx: "inf" } });
  const { code, stdout } = await dbx(["check", "-R", pushed]);
  assertEquals([code, stdout.split("\n").filter((line) => line.startsWith("damage")).length], [1, 1], stdout);
});
