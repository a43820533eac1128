import { createHash } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";
import { DamageError, DbxError } from "../../lib/base/errors.ts";
import { classifyPath } from "../../lib/format/layout/file_kind.ts";
import { App } from "../../lib/server/app.ts";
import { serveHttp } from "../../lib/server/listen/listen.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { concat } from "../../lib/base/bytes.ts";
import { decodeParts, frame as framed, FrameEncoder } from "../../lib/protocol/frames.ts";
import { contentDigest } from "../../lib/protocol/integrity.ts";
import { ByteReader, readMessage } from "../../lib/protocol/pipe_messages.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import type { FileChunk } from "../../lib/store/store.ts";
import { sync } from "../../lib/client/location/sync.ts";
import { wrapStore } from "../../lib/store/wrappers/wrap_store.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random } from "../format/random.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const EXP = "0000000000exp";
const LOG = `${EXP}/runs/0000000000run/log.jsonl`;
const HASH = "a".repeat(64);

/** Names that must never be written, whoever sends them. */
const EVIL = [
  `../${LOG}`,
  `${EXP}/../../x`,
  `/etc/${EXP}/meta.json`,
  `C:/${EXP}/meta.json`,
  `${EXP}\\..\\x`,
  `${EXP}/\0`,
  `${EXP}//meta.json`,
  `./${EXP}/meta.json`,
  `.dbx/config.json`,
  `${EXP}/.dbx/x`,
  `${EXP}/.tmp-0000000000000`,
  `objects/aa/${HASH.slice(1)}`,
  `objects/bb/${HASH}`,
  "meta.json",
  "",
  `${EXP}/${"x".repeat(300)}`,
  `${"é/".repeat(3000)}${EXP}/meta.json`,
  `${EXP}/\ud800`,
  `${EXP}/a\nb`,
];

/** A frame with any head, and the right checksum: a liar can add too. */
function frame(head: unknown, bytes: Uint8Array = new Uint8Array()): Uint8Array {
  return framed(typeof head === "string" ? head : JSON.stringify(head), bytes);
}

/** The last frame of all, after these. */
function lastOf(...frames: Uint8Array[]): Uint8Array {
  const check = crc32(concat(frames.map((frame) => frame.subarray(-4)))).toString(16).padStart(8, "0");
  return frame({ last: true, frames: frames.length, check });
}

/** Bytes with the digest that a client asks for. */
function digested(text: string, status = 200): Response {
  const bytes = encode(text);
  return new Response(bytes, { status, headers: { "content-digest": contentDigest(bytes) } });
}

async function* pieces(...all: Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  for (const piece of all) yield await Promise.resolve(piece);
}

/** A peer that answers what the test says, and a folder that is all that may be written. */
async function peer(answer: (route: string) => Response | Promise<Response>) {
  const folder = await scratch();
  const transport = async (request: Request) => {
    const response = await answer(new URL(request.url).pathname.replace("/api/v1/", ""));
    response.headers.set("dbx-protocol", "1");
    return response;
  };
  const store = new RemoteStore({ location: "the peer", base: "http://peer", transport, pause: 1 });
  return {
    store,
    folder: folder.path,
    own: `${folder.path}/own`,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const inventory = (lines: readonly string[], buckets = 1): Response => {
  const sent = JSON.stringify(Array.from({ length: buckets }, (_, at) => at));
  const text = [`{"buckets":${buckets},"sent":${sent},"marker":80}`, ...lines].map((line) => line + "\n").join("");
  return new Response(text + endOf(text, lines.length));
};

/** The last line of an inventory, as a liar writes it. */
const endOf = (text: string, count: number) =>
  `{"end":${count},"sha256":"${createHash("sha256").update(text).digest("hex")}"}\n`;

Deno.test("kindOfName: refuses every name that leaves a repository [S22]", () => {
  for (const name of EVIL) assertEquals(classifyPath(name), undefined, name);
  assertEquals(classifyPath(LOG), "log");
  assertEquals(classifyPath(`objects/aa/${HASH}`), "object");
});

Deno.test("a hostile peer: inventories with names outside, that lie, are cut or do not end [S61, S63, S64, S65, S69]", async () => {
  for (const name of EVIL) {
    await using evil = await peer(() => inventory([JSON.stringify([name, 1, 1])]));
    await assertRejects(() => sync(evil.store, evil.own), DamageError, "not a file that belongs in a repository");
    assertEquals(Array.from(Deno.readDirSync(evil.folder)), []);
  }
  // With the right checksum: a liar can add too.
  for (const line of [[LOG, -1], [LOG, 1e300], [LOG, 1.5], [LOG, "1"], [LOG, 1, "x"], [LOG, 1, 1.5], LOG, [[LOG], 1]]) {
    await using evil = await peer(() => inventory([JSON.stringify(line)]));
    await assertRejects(() => sync(evil.store, evil.own), DamageError, "is not a file that belongs in a repository");
  }
  const wrong = [
    "",
    "[]",
    "nonsense\n",
    `{"buckets":1,"sent":[0]}\n`,
    `{"buckets":1,"sent":[0]}\n{"end":3}\n`,
    `{"buckets":1,"sent":[0]}\n["${LOG}",-1]\n{"end":1}\n`,
    `{"buckets":1,"sent":[0]}\n["${LOG}",1e300]\n{"end":1}\n`,
    `{"buckets":1,"sent":[0]}\n["${LOG}",1,"x"]\n{"end":1}\n`,
    `{"buckets":1,"sent":[0]}\n{"end":0}\n["${LOG}",1]\n`,
    `{"buckets":1}\n`,
    `["${LOG}",1]\n`,
  ];
  for (const text of wrong) {
    await using evil = await peer(() => new Response(text));
    await assertRejects(() => sync(evil.store, evil.own), DamageError, "the peer");
  }
  await using endless = await peer(() => {
    const more = encode("x".repeat(65536));
    return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(more) }));
  });
  await assertRejects(() => sync(endless.store, endless.own), DamageError, "too long");
});

Deno.test("a hostile peer: what it gives is not what was asked for, or not what its name says [S39, S62, S63, S65, S69]", async () => {
  const marker = `{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}`;
  const giving = (body: Uint8Array) => (route: string) => {
    if (route.startsWith("files/")) {
      const response = digested(marker, 206);
      response.headers.set("content-range", `bytes 0-${marker.length - 1}/${marker.length}`);
      return response;
    }
    if (route === "sync/inventory") {
      return inventory([JSON.stringify([LOG, 5, 1]), JSON.stringify([`objects/aa/${HASH}`, 4])]);
    }
    if (route === "sync/prove") return digested(JSON.stringify({ proofs: [[5, 5, HASH]] }));
    return new Response(body as Uint8Array<ArrayBuffer>);
  };
  const head = { name: LOG, offset: 0, size: 5, end: true };
  const bomb = deflateRawSync(new Uint8Array(50_000_000));
  for (
    const body of [
      frame({ ...head, name: `${EXP}/meta.json` }, encode("12345")),
      frame({ ...head, name: `../${LOG}` }, encode("12345")),
      frame({ ...head, offset: 7 }, encode("12345")),
      concat([frame({ ...head }, encode("1234\n")), frame({ ...head }, encode("1234\n"))]),
      frame({ ...head, inflated: 5 }, bomb),
      frame({ ...head, inflated: 50_000_000 }, bomb),
      frame({ ...head, inflated: 10 }, encode("12345")),
      frame({ ...head }, encode("12345")).subarray(0, -6),
      frame("nonsense"),
      frame([]),
      new Uint8Array([255, 255, 255, 255, 1]),
      new Uint8Array([0, 0, 0, 9, 255, 255, 255, 255, 1]),
      concat([frame(head, encode("1234\n")), encode("no last frame")]),
      concat([lastOf(), encode("more")]),
    ]
  ) {
    await using evil = await peer(giving(body));
    await assertRejects(() => sync(evil.store, evil.own), DbxError, "the peer");
    assertEquals(Array.from(Deno.readDirSync(evil.folder), ({ name }) => name), ["own"]);
  }
  const object = frame({ name: `objects/aa/${HASH}`, offset: 0, size: 4, end: true }, encode("evil"));
  const log = frame(head, encode("1234\n"));
  await using evil = await peer(giving(concat([log, object, lastOf(log, object)])));
  const { setbacks } = await sync(evil.store, evil.own);
  assertEquals(setbacks.map(({ kind }) => kind), ["damaged"]);
  assertEquals(await Deno.readTextFile(`${evil.own}/${LOG}`), "1234\n");
  assertEquals(Array.from(Deno.readDirSync(`${evil.own}/objects/aa`)), []);
});

Deno.test("a peer that sends too little, in any way, is never a success [S16, S27, S66]", async () => {
  const marker = `{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}`;
  const one = frame({ name: LOG, offset: 0, size: 5, end: true }, encode("1234\n"));
  const beginning = frame({ name: LOG, offset: 0, size: 5 }, encode("12\n"));
  const peerWith = (bodies: Record<string, () => Response>) => (route: string): Response => {
    if (route === "files/dbx.json") {
      const response = digested(marker, 206);
      response.headers.set("content-range", `bytes 0-${marker.length - 1}/${marker.length}`);
      return response;
    }
    if (route === "sync/settle") return new Response(null, { status: 204 });
    return bodies[route]?.() ?? digested(`{"error":"no"}`, 404);
  };
  const binary = (...frames: Uint8Array[]) => () => new Response(concat(frames));
  const two = (buckets = 1) => inventory([`["${LOG}",5,1]`, `["${EXP}/meta.json",2,1]`], buckets);

  // Pulled: an early end; a file that has no end; a file that does not come, with its frame left out.
  for (const give of [binary(lastOf()), binary(beginning, lastOf(beginning)), binary(one, lastOf(one))]) {
    await using evil = await peer(peerWith({ "sync/inventory": () => two(), "sync/give": give }));
    const error = await assertRejects(() => sync(evil.store, evil.own, { direction: "push" }), DbxError);
    // Asked for the rest, this one sends what it sent before.
    assert(/did not arrive|was not requested/.test(error.message), error.message);
  }
  // Compared: proofs that say that nothing is there, though it is listed.
  {
    const proofs = () => digested(`{"proofs":[null,null]}`);
    await using evil = await peer(peerWith({ "sync/inventory": () => two(4), "sync/prove": proofs }));
    const own = new LocalStore(evil.own);
    await own.create("dbx.json", encode(marker));
    await own.create(`${EXP}/meta.json`, encode("{}"));
    await own.append(LOG, 0, encode("1234\n"));
    const { setbacks } = await sync(evil.store, own, { direction: "push" });
    assertEquals(setbacks.map(({ kind, name }) => [name, kind]).sort(), [[`${EXP}/meta.json`, "retry"], [
      LOG,
      "retry",
    ]]);
  }
  // Pushed: an answer that does not say what was taken, or that less was.
  for (const answer of [{}, { taken: [] }, { taken: [2] }, { taken: [2, 3] }, { taken: [null, null] }]) {
    const taken = () => digested(JSON.stringify({ files: 2, bytes: 7, setbacks: [], ...answer }));
    await using evil = await peer(peerWith({ "sync/inventory": () => inventory([], 4), "sync/take": taken }));
    const own = new LocalStore(evil.own);
    await own.create("dbx.json", encode(marker));
    await own.create(`${EXP}/meta.json`, encode("{}"));
    await own.append(LOG, 0, encode("1234\n"));
    const error = await assertRejects(() => sync(own, evil.store, { direction: "push" }), DbxError);
    assertStringIncludes(error.message, "did not confirm that it received");
  }
  // A store of any kind that gives nothing.
  await using folder = await scratch();
  const own = new LocalStore(`${folder.path}/own`);
  await own.create("dbx.json", encode(marker));
  await own.create(`${EXP}/meta.json`, encode("{}"));
  const silent = wrapStore(own, { async *readMany() {} });
  const { setbacks } = await sync(silent, `${folder.path}/other`, { direction: "push" });
  assertEquals(setbacks.map(({ name }) => name), [`${EXP}/meta.json`]);
});

Deno.test("frames: any bytes are read as parts or refused, and hurt nobody", async () => {
  const random = new Random(7);
  const part = (text: string): FileChunk => {
    const bytes = encode(text);
    return { name: LOG, offset: 0, bytes, end: true, size: bytes.length, modifiedAt: 5 };
  };
  const encoder = new FrameEncoder();
  const good = concat([
    ...encoder.encode(part(`{"event":"x"}\n`.repeat(100))),
    ...encoder.encode(part("y")),
    encoder.last(),
  ]);
  let refused = 0;
  for (let turn = 0; turn < 3000; turn++) {
    const bytes = good.slice(0, random.below(4) === 0 ? random.below(good.length) : good.length);
    for (let flips = random.below(4); flips > 0; flips--) bytes[random.below(bytes.length)] = random.below(256);
    const at = random.below(bytes.length);
    try {
      for await (
        const batch of decodeParts(pieces(bytes.subarray(0, at), bytes.subarray(at)), { who: "x", limit: 1e6 })
      ) {
        for (const { name, bytes } of batch) assert(classifyPath(name) !== undefined && bytes.length <= 1e6);
      }
    } catch (error) {
      assert(error instanceof DamageError, String(error));
      refused++;
    }
  }
  assert(refused > 1000);
  for (let turn = 0; turn < 300; turn++) {
    const bytes = new Uint8Array(random.below(200)).map(() => (random.below(3) === 0 ? random.below(256) : 0));
    try {
      const message = await readMessage(new ByteReader(new Blob([bytes]).stream()));
      if (message !== undefined) await Array.fromAsync(message.body);
    } catch (error) {
      assert(error instanceof DamageError, String(error));
    }
  }
});

Deno.test("frames whose order, lengths or compressed bytes break the rules are refused by server and client alike [S17, S52, S53, S54]", async () => {
  const meta = `${EXP}/meta.json`;
  const at = (name: string, offset: number, size: number, text: string, more: object = {}) =>
    frame({ name, offset, size, ...more }, encode(text));
  const end = { end: true };
  const deflated = deflateRawSync(encode("1234\n"));
  const bodies: [string, Uint8Array[]][] = [
    ["before its", [at(LOG, 0, 9, "1234\n", end)]],
    ["before its", [at(meta, 0, 9, "{}", end)]],
    ["beyond its", [at(LOG, 0, 3, "1234\n", end)]],
    ["beyond its", [at(meta, 0, 2, "{}", {}), at(meta, 2, 2, "{}", end)]],
    ["continues at 7, not at 5", [at(LOG, 0, 10, "1234\n"), at(LOG, 7, 10, "23\n", end)]],
    ["continues at 3, not at 5", [at(LOG, 0, 10, "1234\n"), at(LOG, 3, 10, "4\n1234\n", end)]],
    ["has no end", [at(LOG, 0, 10, "1234\n"), at(meta, 0, 2, "{}", end)]],
    ["was sent twice", [at(LOG, 0, 5, "1234\n", end), at(LOG, 5, 10, "1234\n", end)]],
    ["changed its length", [at(LOG, 0, 10, "1234\n"), at(LOG, 5, 12, "123456\n", end)]],
    ["follow the compressed", [
      frame({ name: LOG, offset: 0, size: 5, inflated: 5, end: true }, concat([deflated, encode("x")])),
    ]],
    ["longer than declared", [frame({ name: LOG, offset: 0, size: 4, inflated: 4, end: true }, deflated)]],
    ["shorter than declared", [frame({ name: LOG, offset: 0, size: 6, inflated: 6, end: true }, deflated)]],
    ["a malformed SHA-256", [at(meta, 0, 2, "{}", { ...end, sha256: "00" })]],
    ["has no offset", [at(LOG, -1, 4, "1234\n", end)]],
    ["has an error", [at(LOG, 0, 10, "", { error: "gone" })]],
  ];
  await using folder = await scratch();
  const path = `${folder.path}/own`;
  const routes = storeRoutes(new LocalStore(path));
  const headers = { "dbx-protocol": "1" };
  for (const [why, frames] of bodies) {
    const body = concat([...frames, lastOf(...frames)]);
    const response = await routes(new Request("http://h/api/v1/sync/take", { method: "POST", headers, body }));
    const said = await response.text();
    assertEquals([response.status, said.includes(why)], [400, true], `${why}: ${said}`);
    const sizes = new Map([[LOG, 5], [meta, 2]]);
    const evil = new RemoteStore({
      location: "the peer",
      base: "http://peer",
      transport: () => Promise.resolve(new Response(body, { headers })),
      pause: 0,
    });
    const wants = [...sizes.keys()].map((name) => ({ name, offset: 0 }));
    const error = await assertRejects(() => Array.fromAsync(evil.readMany(wants)), DamageError);
    assertStringIncludes(error.message, why);
  }
  // A frame that got lost on the way is no broken rule: it is asked for again.
  const frames = [at(LOG, 0, 10, "1234\n"), at(LOG, 5, 10, "1234\n", end)];
  const lossy = concat([frames[1], lastOf(...frames)]);
  const response = await routes(new Request("http://h/api/v1/sync/take", { method: "POST", headers, body: lossy }));
  assertEquals([response.status, response.headers.get("dbx-error")], [400, "checksum"]);
  await response.body?.cancel();
  assertEquals(Array.from(Deno.readDirSync(folder.path)), []);
});

Deno.test("a hostile client: routes refuse names, bodies and questions that cannot be [S22, S32, S56, S59]", async () => {
  await using folder = await scratch();
  const own = `${folder.path}/own`;
  await Deno.mkdir(own);
  const said: string[] = [];
  const handler = storeRoutes(new LocalStore(own), { onError: (message) => said.push(message) });
  const ask = async (method: string, route: string, body?: BodyInit, headers: Record<string, string> = {}) => {
    const response = await handler(
      new Request(`http://h/api/v1/${route}`, { method, body, headers: { "dbx-protocol": "1", ...headers } }),
    );
    await response.body?.cancel();
    return response.status;
  };
  for (const name of EVIL.filter((name) => name !== "")) {
    const route = `files/${name.isWellFormed() ? name.split("/").map(encodeURIComponent).join("/") : "%ED%A0%80"}`;
    // A URL that names the folder it is in says the same as one without.
    if (!name.startsWith("./")) {
      const status = await ask("GET", route);
      assert([400, 404, 422].includes(status), `${name}: ${status}`);
    }
    const one = frame({ name, offset: 0, size: 1, end: true }, encode("x"));
    const body = concat([one, lastOf(one)]);
    assertEquals(await ask("POST", "sync/take", body), 400, name);
    for (const [route, key] of [["give", "wants"], ["prove", "extents"], ["settle", "files"]]) {
      assertEquals(
        await ask("POST", `sync/${route}`, JSON.stringify({ [key]: [[name, 0, 0]] })),
        400,
        `${route} ${name}`,
      );
    }
  }
  assertEquals(await ask("GET", "files/%2e%2e/secret"), 404);
  assertEquals(await ask("GET", "files/.dbx/config.json"), 400);
  for (const method of ["PUT", "POST", "DELETE"]) assertEquals(await ask(method, `files/${LOG}`, "x"), 405);
  assertEquals(await ask("PUT", "dbx.json", "x"), 404);
  assertEquals(await ask("GET", "sync/take"), 405);
  assertEquals(await ask("POST", "sync/none"), 404);
  for (
    const body of [
      "",
      "{",
      "[]",
      "1",
      `{"wants":1}`,
      `{"wants":[1]}`,
      `{"wants":[["${LOG}",-1]]}`,
      `{"wants":[["${LOG}",1.5]]}`,
    ]
  ) {
    assertEquals(await ask("POST", "sync/give", body), 400, body);
  }
  const many = JSON.stringify({ wants: Array.from({ length: 100_001 }, () => [LOG, 0]) });
  assertEquals(await ask("POST", "sync/give", many), 400);
  for (const body of [`{"buckets":0}`, `{"buckets":1e9}`, `{"buckets":4,"digests":"00"}`, `{"digests":5}`]) {
    assertEquals(await ask("POST", "sync/inventory", body), 400, body);
  }
  // 16 KiB that become 16 MiB and more.
  const zeros = new Blob([new Uint8Array(40_000_000)]).stream().pipeThrough(new CompressionStream("gzip"));
  const bomb = await new Response(zeros).arrayBuffer();
  assertEquals(await ask("POST", "sync/give", bomb, { "content-encoding": "gzip" }), 413);
  assertEquals(await ask("POST", "sync/give", "no gzip", { "content-encoding": "gzip" }), 400);
  assertEquals(await ask("POST", "sync/give", "x", { "content-encoding": "br" }), 415);
  assertEquals(await ask("POST", "sync/take", new Uint8Array(17_000_000)), 413);
  // Of a body with a fault at its end, nothing is taken.
  const good = frame({ name: LOG, offset: 0, size: 2, end: true }, encode("x\n"));
  assertEquals(await ask("POST", "sync/take", concat([good, frame({ name: "../x" })])), 400);
  // Without its last frame, with another one, and with one frame twice.
  for (const end of [[], [lastOf()], [good, lastOf(good)]]) {
    assertEquals(await ask("POST", "sync/take", concat([good, ...end])), 400);
  }
  // Neither an object that is none, nor the marker of a version that is not known.
  for (const [name, text, kind] of [[`objects/aa/${HASH}`, "evil", "damaged"], ["dbx.json", `{"dbx":9}`, "refused"]]) {
    const one = frame({ name, offset: 0, size: text.length, end: true }, encode(text));
    const request = new Request("http://h/api/v1/sync/take", {
      method: "POST",
      headers: { "dbx-protocol": "1" },
      body: concat([one, lastOf(one)]),
    });
    const { setbacks } = await (await handler(request)).json();
    assertEquals(setbacks.map(({ kind }: { kind: string }) => kind), [kind]);
  }
  // Of the object that was refused, its empty folder is left.
  assertEquals(Array.from(Deno.readDirSync(own), ({ name }) => name), ["objects"]);
  assertEquals(Array.from(Deno.readDirSync(`${own}/objects/aa`)), []);
  assertEquals(Array.from(Deno.readDirSync(folder.path), ({ name }) => name), ["own"]);
  assertEquals(said, []);
  const closed = storeRoutes(new LocalStore(own, { readOnly: true }), { readOnly: true });
  for (const route of ["sync/take", "sync/settle"]) {
    const request = new Request(`http://h/api/v1/${route}`, {
      method: "POST",
      headers: { "dbx-protocol": "1" },
      body: "x",
    });
    assertEquals((await closed(request)).status, 403);
  }
});

Deno.test("the server: tokens, names of hosts, pages of other sites", async () => {
  await using folder = await scratch();
  for (const token of [undefined, "a secret of some length"]) {
    const controller = new AbortController();
    const { promise: address, resolve: onListen } = Promise.withResolvers<string>();
    const store = new LocalStore(folder.path);
    using app = new App({ repositories: [{ name: "r", store }], hosts: ["127.0.0.1"], token });
    const served = serveHttp(app.handle, { signal: controller.signal, onListen });
    const url = await address;
    const port = new URL(url).port;
    /** The status line of a raw request: `fetch` would set its own headers. */
    const raw = async (...headers: string[]) => {
      using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
      await connection.write(
        encode(`GET /api/v1/files/ HTTP/1.1\r\n${headers.join("\r\n")}\r\nConnection: close\r\n\r\n`),
      );
      return (await new Response(connection.readable).text()).split(" ")[1];
    };
    const host = `Host: 127.0.0.1:${port}`;
    const auth = "Authorization: Bearer a secret of some length";
    const own = token === undefined ? [host] : [host, auth];
    assertEquals(await raw(...own), "200");
    assertEquals(await raw(...own, "Origin: http://evil.example"), "403");
    assertEquals(await raw(...own, `Origin: http://127.0.0.1:${port}`), "200");
    if (token === undefined) assertEquals(await raw("Host: evil.example"), "403");
    else {
      assertEquals(await raw(host), "401");
      const from = performance.now();
      assertEquals(await raw(host, "Authorization: Bearer wrong"), "401");
      assert(performance.now() - from > 250, "a wrong token costs time");
    }
    controller.abort();
    await served;
  }
});

Deno.test("a peer that refuses: what it says reaches the user", async () => {
  await using evil = await peer(() => Response.json({ error: "the token is wrong" }, { status: 401 }));
  const error = await assertRejects(() => sync(evil.store, evil.own), DbxError);
  assertStringIncludes(error.message, "the token is wrong");
});
