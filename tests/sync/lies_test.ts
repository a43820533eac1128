// Peers whose answers are well made, and say what no repository would.
import { createHash } from "node:crypto";
import { DamageError, DbxError, UsageError } from "../../lib/base/errors.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { bodyOf, decodeParts, frame } from "../../lib/protocol/frames.ts";
import { contentDigest } from "../../lib/protocol/integrity.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { sync } from "../../lib/client/location/sync.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const MARKER = `{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}`;
const EXP = "0000000000exp";
const META = `${EXP}/meta.json`;
const LOG = `${EXP}/runs/0000000000run/log.jsonl`;
const OBJECT = `objects/aa/${"a".repeat(64)}`;
const HEAD = `{"buckets":1,"sent":[0],"marker":70}`;

/** An inventory of these lines, with the right end. */
function inventory(...lines: readonly string[]): Response {
  const text = lines.map((line) => line + "\n").join("");
  const sha256 = createHash("sha256").update(text).digest("hex");
  return new Response(`${text}{"end":${lines.length - 1},"sha256":"${sha256}"}\n`);
}

/** A peer that lists this, and gives these frames. */
function peer(lines: readonly string[], frames: readonly Uint8Array[] = []): RemoteStore {
  const answer = (path: string): Response => {
    if (path.endsWith("sync/inventory")) return inventory(...lines);
    if (path.endsWith("sync/give")) return new Response(bodyOf(frames));
    const headers = { "content-digest": contentDigest(encode(MARKER)), "content-range": "bytes 0-68/69" };
    return new Response(MARKER, { status: 206, headers });
  };
  const transport = (request: Request) => {
    const response = answer(new URL(request.url).pathname);
    response.headers.set("dbx-protocol", "1");
    return Promise.resolve(response);
  };
  return new RemoteStore({ location: "the peer", base: "http://peer", transport, pause: 1 });
}

function ask(store: LocalStore, route: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  const request = new Request(`http://h/api/v1/sync/${route}`, {
    method: "POST",
    headers: { "dbx-protocol": "1" },
    body,
  });
  return storeRoutes(store)(request);
}

Deno.test("inventory: a client refuses one that says what none may say [S13, S117]", async () => {
  const wrong = [
    [HEAD, `["${META}",2,1]`, `["${META}",2,1]`],
    [HEAD, `["${META}",2,1]`, `["${META}",3,1]`],
    [HEAD, `["${OBJECT}",2]`, `["${OBJECT}",1,"partial"]`],
    [HEAD, `["dbx.json",70,1]`],
    [HEAD, `["${META}",1,"partial"]`],
    [HEAD, `["${META}",2,1,1]`],
    [HEAD, `["${OBJECT}",2,"partial",1]`],
    [`{"buckets":1,"sent":[],"marker":70}`],
    [`{"buckets":2,"sent":[0,1],"marker":70}`],
    [`{"buckets":1,"sent":[0,0],"marker":70}`],
    [`{"buckets":1,"sent":["0"],"marker":70}`],
    [`{"buckets":1,"sent":[1],"marker":70}`],
    [`{"buckets":1,"sent":[0],"marker":-1}`],
    [`{"buckets":1,"sent":[0],"marker":"70"}`],
  ];
  await using folder = await scratch();
  for (const lines of wrong) {
    await assertRejects(() => sync(peer(lines), `${folder.path}/own`), DamageError, "the peer");
    assertEquals(Array.from(Deno.readDirSync(folder.path)), []);
  }
});

Deno.test("prove: a client refuses what is not a proof [S64]", async () => {
  for (const proof of [[1, 2, null], [2, 2, "x"], [-1, 0, null], [2, -1, null], [2], [2, 2], "x", 1, {}]) {
    const text = JSON.stringify({ proofs: [proof] });
    const transport = () => {
      const headers = { "dbx-protocol": "1", "content-digest": contentDigest(encode(text)) };
      return Promise.resolve(new Response(text, { headers }));
    };
    const store = new RemoteStore({ location: "the peer", base: "http://peer", transport, pause: 1 });
    await assertRejects(() => store.hashPrefixes([{ name: META, length: 2 }]), DamageError, "the peer");
  }
});

Deno.test("clone: a repository that has lost its marker does not become a folder without one [S118]", async () => {
  await using folder = await scratch();
  const lines = [`{"buckets":1,"sent":[0]}`, `["${META}",2,1]`, `["${LOG}",5,1]`];
  for (const direction of ["push", "both"] as const) {
    const cloned = () => sync(peer(lines), `${folder.path}/own`, { direction });
    const error = await assertRejects(cloned, UsageError);
    assertStringIncludes(error.message, "it has no dbx.json");
    assertEquals(Array.from(Deno.readDirSync(folder.path)), []);
  }
});

Deno.test("give: a log that ends within a line is refused, whatever its frame says of its length [S116]", async () => {
  const lines = [HEAD, `["${META}",2,1]`, `["${LOG}",12,1]`];
  const meta = frame(JSON.stringify({ name: META, offset: 0, size: 2, end: true }), encode("{}"));
  const log = (offset: number, size: number, text: string, more = {}) =>
    frame(JSON.stringify({ name: LOG, offset, size, ...more }), encode(text));
  const end = { end: true };
  for (
    const frames of [
      [log(0, 7, "1234\n12", end)],
      [log(0, 12, "1234\n"), log(5, 7, "12", end)],
      [log(0, 12, "1234\n12"), log(7, 7, "", end)],
    ]
  ) {
    await using folder = await scratch();
    const pulled = () => sync(peer(lines, [meta, ...frames]), `${folder.path}/own`);
    const error = await assertRejects(pulled, DbxError);
    assertStringIncludes(error.message, "ends within a line");
  }
  await using folder = await scratch();
  const { setbacks } = await sync(peer(lines, [meta, log(0, 12, "1234\n"), log(5, 5, "", end)]), `${folder.path}/own`);
  assertEquals(setbacks, []);
  assertEquals(await Deno.readTextFile(`${folder.path}/own/${LOG}`), "1234\n");
});

Deno.test("sync/give: an offset behind the end is an error that says so; a file that is asked for twice is refused", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await store.create(META, encode("{}"));
  await store.append(LOG, 0, encode("1234\n"));
  for (const [name, size] of [[META, 2], [LOG, 5]] as const) {
    const response = await ask(store, "give", JSON.stringify({ wants: [[name, 34]] }));
    const [{ offset, error }] = (await Array.fromAsync(decodeParts(response.body!, { who: "it" }))).flat();
    assertEquals([offset, error], [34, `it has ${size} bytes, fewer than 34`]);
  }
  const twice = await ask(store, "give", JSON.stringify({ wants: [[META, 0], [LOG, 0], [META, 1]] }));
  assertEquals(twice.status, 400);
  assertStringIncludes((await twice.json()).error, "twice");
});

Deno.test("times before 1970: files come, and keep the time that they have here", async () => {
  await using folder = await scratch();
  const lines = [HEAD, `["${META}",2,-1500]`];
  const meta = frame(
    JSON.stringify({ name: META, offset: 0, size: 2, end: true, modifiedAt: -1500 }),
    encode("{}"),
  );
  const { setbacks } = await sync(peer(lines, [meta]), `${folder.path}/own`, { direction: "push" });
  assertEquals(setbacks, []);
  assertEquals(await Deno.readTextFile(`${folder.path}/own/${META}`), "{}");
  const own = new LocalStore(`${folder.path}/own`);
  const settled = await ask(own, "settle", JSON.stringify({ files: [[META, 2, -1500]] }));
  assertEquals(settled.status, 204);
});
