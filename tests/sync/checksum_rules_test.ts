// The checksums of requests and answers, on either side.
import { DbxError } from "../../lib/base/errors.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { bodyOf, frameOf } from "../../lib/protocol/frames.ts";
import { contentDigest, requestCheck, statCheck } from "../../lib/protocol/integrity.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const META = "0000000000exp/meta.json";
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function served() {
  const folder = await scratch();
  await initRepository(folder.path);
  const store = new LocalStore(folder.path);
  await store.create(META, encode("{}"));
  const routes = storeRoutes(store);
  return {
    store,
    ask: (method: string, route: string, body?: string | Uint8Array<ArrayBuffer>, headers: HeadersInit = {}) =>
      routes(new Request(`http://h/api/v1/${route}`, { method, body, headers: { "dbx-protocol": "1", ...headers } })),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

Deno.test("a server compares the checksums of a request before it does anything [S9]", async () => {
  await using server = await served();
  const name = "0000000000two/meta.json";
  const url = "http://h/api/v1/sync/take";
  const one = frameOf({ name, offset: 0, bytes: encode("{}"), end: true, size: 2 });
  const body = bodyOf([one]);
  const wrong: Record<string, string>[] = [
    { "content-digest": contentDigest(encode("{ }")) },
    { "dbx-check": requestCheck("POST", "http://h/api/v1/sync/give", null) },
    { "dbx-check": requestCheck("PUT", url, null) },
    { "dbx-check": requestCheck("POST", url, "bytes=0-1") },
  ];
  for (const headers of wrong) {
    const response = await server.ask("POST", "sync/take", body, headers);
    assertEquals([response.status, response.headers.get("dbx-error")], [400, "checksum"], JSON.stringify(headers));
    await response.body?.cancel();
    assertEquals(await server.store.stat(name), undefined);
  }
  const right = { "content-digest": contentDigest(body), "dbx-check": requestCheck("POST", url, null) };
  assertEquals((await (await server.ask("POST", "sync/take", body, right)).json()).taken, [2]);
});

Deno.test("a server sends the checksums of its answers: of JSON, errors and bytes [S57], and of what HEAD says [S58]", async () => {
  await using server = await served();
  for (
    const [method, route, body, status] of [
      ["GET", "files/", undefined, 200],
      ["GET", `files/${META}`, undefined, 200],
      ["GET", `files/${META}x`, undefined, 404],
      ["POST", "sync/prove", `{"extents":[["${META}",1]]}`, 200],
      ["POST", "sync/prove", `{"extents":[["../x",1]]}`, 400],
      ["POST", "sync/take", "nonsense", 400],
    ] as const
  ) {
    const response = await server.ask(method, route, body);
    assertEquals(response.status, status, route);
    assertStringIncludes(response.headers.get("cache-control") ?? "", "no-transform", route);
    const bytes = await response.bytes();
    assertEquals(response.headers.get("content-digest"), contentDigest(bytes), route);
  }
  const { headers } = await server.ask("HEAD", `files/${META}`);
  const [kind, size, time] = ["kind", "size", "modified-at"].map((name) => headers.get(`dbx-${name}`));
  assertEquals([kind, size], ["file", "2"]);
  assertEquals(headers.get("dbx-check"), statCheck(kind, size, time));
});

Deno.test("a client uses no answer without its checksum, or with a wrong one [S11]", async () => {
  const bytes = `{"proofs":[null]}`;
  for (const digest of [undefined, contentDigest(encode("other"))]) {
    let asked = 0;
    const transport = () => {
      asked++;
      const headers = new Headers({ "dbx-protocol": "1", ...(digest !== undefined && { "content-digest": digest }) });
      return Promise.resolve(new Response(bytes, { headers }));
    };
    const peer = new RemoteStore({ location: "the peer", base: "http://peer", transport, pause: 0 });
    await assertRejects(() => peer.hashPrefixes([{ name: META, length: 1 }]), DbxError, "the peer");
    assert(asked > 1, "it asks again");
    await assertRejects(() => Array.fromAsync(peer.list("")), DbxError, "the peer");
  }
  for (const check of [undefined, "00000000"]) {
    const told = { "dbx-protocol": "1", "dbx-kind": "file", "dbx-size": "2" };
    const headers = { ...told, ...(check !== undefined && { "dbx-check": check }) };
    const transport = () => Promise.resolve(new Response(null, { headers }));
    const peer = new RemoteStore({ location: "the peer", base: "http://peer", transport, pause: 0 });
    await assertRejects(() => peer.stat(META), DbxError, "the peer");
  }
});
