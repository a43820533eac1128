// The version of the protocol, and what routes answer to what was done already.
import { AlreadyExistsError, VersionError } from "../../lib/base/errors.ts";
import { concat } from "../../lib/base/bytes.ts";
import { HttpClient } from "../../lib/client/http/client.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { ERRORS } from "../../lib/server/api/errors.ts";
import type { Access } from "../../lib/server/access/access.ts";
import type { ResponseCache } from "../../lib/server/http/response_cache.ts";
import { Metrics } from "../../lib/server/http/metrics.ts";
import { RecentExperiments } from "../../lib/server/routes/experiments/recent_experiments.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { FrameEncoder } from "../../lib/protocol/frames.ts";
import { contentDigest } from "../../lib/protocol/integrity.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import type { FileChunk } from "../../lib/store/store.ts";
import { sync } from "../../lib/sync/sync.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { post, serve } from "../server/world.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Makes an experiment and a run of it. */
async function makeRun(api: string): Promise<{ readonly exp: string; readonly run: string }> {
  const { exp } = await (await post(`${api}/experiments`, { kind: "k" })).json();
  const { run } = await (await post(`${api}/experiments/${exp}/runs`, {})).json();
  return { exp, run };
}

/** A body of `sync/take`. */
function bodyOf(part: FileChunk): Uint8Array<ArrayBuffer> {
  const encoder = new FrameEncoder();
  return concat([...encoder.encode(part), encoder.last()]);
}

Deno.test("protocol: a server refuses what is in another version, and synchronisation without one [S102, S103, S104]", async () => {
  await using server = await serve();
  const name = "0000000000exp/meta.json";
  const body = bodyOf({ name, offset: 0, bytes: encode("{}"), end: true, size: 2 });
  const ask = async (route: string, version?: string, init: RequestInit = {}) => {
    const headers: HeadersInit = version === undefined ? {} : { "dbx-protocol": version };
    const response = await fetch(`${server.url}${route}`, { ...init, headers });
    assertEquals(response.headers.get("dbx-protocol"), "1", `${route} ${version}`);
    return [response.status, response.headers.get("dbx-error"), await response.text()] as const;
  };
  const api = "/api/v1";
  const { exp } = await makeRun(server.api);
  for (const version of ["2", "0", "", "1.1", "one"]) {
    const asked = [`${api}`, `${api}/files/dbx.json`, `/repos/repo${api}`, `${api}/none`, `${api}/experiments/${exp}`];
    for (const route of asked.toReversed()) {
      const [status, error, said] = await ask(route, version);
      assertEquals([status, error], [400, "protocol"], `${route} ${version}`);
      assertStringIncludes(said, "speaks version 1");
    }
    assertEquals((await ask(`${api}/experiments`, version, { method: "POST", body: "{}" }))[0], 400);
    assertEquals((await ask(`${api}/sync/take`, version, { method: "POST", body }))[0], 400);
  }
  for (const route of ["inventory", "prove", "give", "take", "settle"]) {
    const init = { method: "POST", body: route === "take" ? body : "{}" };
    assertEquals((await ask(`${api}/sync/${route}`, undefined, init)).slice(0, 2), [400, "protocol"], route);
  }
  assertEquals(await new LocalStore(server.path).stat(name), undefined);
  for (const route of [`${api}/files/dbx.json`, `${api}/experiments/${exp}`, "/healthz"]) {
    for (const version of [undefined, "1"]) assertEquals((await ask(route, version))[0], 200, route);
  }
  assertEquals((await ask(`${api}/none`, "1"))[0], 404);
  assertEquals((await ask(`${api}/sync/take`, "1", { method: "POST", body }))[0], 200);
});

Deno.test("protocol: what was answered just now is answered at once in this version alone [S102, S103]", () => {
  const recent = new RecentExperiments({ asksForTokens: false } as Access, new Metrics());
  const url = "http://server/api/v1/experiments/0000000000exp";
  recent.remember(url, { recent: () => ({ text: "{}", etag: `"x"` }) } as unknown as ResponseCache, "x");
  const ask = (headers: HeadersInit) => recent.answer(new Request(url, { headers }));
  for (const headers of [new Headers(), new Headers({ "dbx-protocol": "1" })]) {
    assertEquals(new Headers(ask(headers)?.current()?.headers).get("dbx-protocol"), "1");
  }
  assertEquals(ask({ "dbx-protocol": "2" }), undefined);
});

Deno.test("protocol: a client says its version, and uses no answer in another one [S101, S105]", async () => {
  const asked: (string | null)[] = [];
  const peer = (version: string | undefined, status: number) => (request: Request) => {
    asked.push(request.headers.get("dbx-protocol"));
    const headers: HeadersInit = version === undefined ? {} : { "dbx-protocol": version };
    return Promise.resolve(new Response("[]", { status, headers }));
  };
  const uses = (version: string | undefined, status = 200) => {
    const options = { base: "http://peer", transport: peer(version, status), pause: 1 };
    const store = new RemoteStore({ location: "the peer", ...options });
    return [
      () => Array.fromAsync(store.listFiles!()),
      () => store.stat("dbx.json"),
      () => store.read("dbx.json"),
      () => store.create("dbx.json", encode("{}")),
      () => new HttpClient(options).json("experiments"),
    ];
  };
  for (const [version, status] of [["2", 200], ["2", 400], [undefined, 200], ["", 200]] as const) {
    for (const use of uses(version, status)) {
      const error = await assertRejects(use, VersionError);
      assertStringIncludes(error.message, "version");
    }
  }
  assertEquals(asked.length, 20, "and asks only once");
  // A server of this version that got another one: a bit flipped on the way, and the request is sent again.
  for (const isStore of [true, false]) {
    let times = 0;
    const transport = () => {
      const isFirst = times++ === 0;
      const headers = new Headers({ "dbx-protocol": "1", ...(isFirst && { "dbx-error": "protocol" }) });
      const body = encode(isStore ? "[]" : "{}");
      headers.set("content-digest", contentDigest(body));
      return Promise.resolve(new Response(body, { status: isFirst ? 400 : 200, headers }));
    };
    const options = { base: "http://peer", transport, pause: 1 };
    if (isStore) {
      const store = new RemoteStore({ location: "the peer", ...options });
      assertEquals(await Array.fromAsync(store.list("")), []);
    } else assertEquals(await new HttpClient(options).json("experiments"), {});
    assertEquals(times, 2);
  }
  // A refusal by somebody on the way.
  for (const use of uses(undefined, 403)) {
    const error = await assertRejects(use, Error);
    assert(!(error instanceof VersionError), error.message);
  }
  assert(asked.every((version) => version === "1"));
});

Deno.test("repeating: what was done already is a success, other bytes and gaps are not [S106, S107, S108]", async () => {
  await using server = await serve();
  const { exp, run } = await makeRun(server.api);
  const line = `{"event":"a","ts":1}\n`, other = line.replace("a", "b");
  const extend = async (offset: number, text: string) => {
    const route = `runs/${run}/logs/log?offset=${offset}`;
    const response = await fetch(`${server.api}/${route}`, { method: "POST", body: text });
    return [response.status, (await response.json()).size];
  };
  const take = async (part: FileChunk) => {
    const headers = { "dbx-protocol": "1" };
    const response = await fetch(`${server.api}/sync/take`, { method: "POST", headers, body: bodyOf(part) });
    assertEquals(response.status, 200);
    return (await response.json()).setbacks.map(({ kind, size }: { kind: string; size?: number }) => [kind, size]);
  };
  const name = (await Array.fromAsync(new LocalStore(server.path).listFiles(), (batch) => batch)).flat()
    .map(({ name }) => name).find((name) => name.includes(`/runs/${run}/`))!.replace(/[^/]*$/, "log.jsonl");
  const part = (offset: number, text: string) =>
    take({ name, offset, bytes: encode(text), end: true, size: offset + text.length });
  const { length } = line;
  assertEquals([await extend(0, line), await extend(0, line)], [[200, length], [200, length]]);
  assertEquals([await part(0, line), await part(length, line), await part(0, line + line)], [[], [], []]);
  assertEquals([await extend(0, other), await part(length, other)], [[409, undefined], [["diverged", undefined]]]);
  assertEquals([await extend(99, line), await part(99, line)], [[416, 2 * length], [["retry", 2 * length]]]);
  const beyond = await fetch(`${server.api}/runs/${run}/logs/log?offset=99`);
  assertEquals([beyond.status, (await beyond.json()).size], [416, 2 * length]);
  // A definition of the same bytes and of others.
  const meta = `${exp}/meta.json`.replace(/^/, name.slice(0, name.indexOf(exp)));
  const own = await Deno.readTextFile(`${server.path}/${meta}`);
  const whole = (text: string) => take({ name: meta, offset: 0, bytes: encode(text), end: true, size: text.length });
  assertEquals([await whole(own), await whole("{}")], [[], [["diverged", undefined]]]);
  // The marker, where there is one.
  const marker = await Deno.readTextFile(`${server.path}/dbx.json`);
  const mark = (text: string) =>
    take({ name: "dbx.json", offset: 0, bytes: encode(text), end: true, size: text.length });
  const stranger = marker.replace(/"id":"[^"]+"/, `"id":"0000000000abc"`);
  assertEquals([await mark(marker), await mark(stranger)], [[], [["diverged", undefined]]]);
});

Deno.test("repeating: a part of an upload that is there already changes nothing", async () => {
  await using server = await serve();
  const bytes = encode("0123456789");
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const put = async (offset: number, text: string) => {
    const url = `${server.api}/objects/${sha256}?offset=${offset}&size=10`;
    const response = await fetch(url, { method: "PUT", body: text });
    return [response.status, (await response.json()).size];
  };
  assertEquals(await put(0, "0123"), [202, 4]);
  assertEquals(await put(4, "456"), [202, 7]);
  assertEquals(await put(0, "0123"), [202, 7]);
  assertEquals(await put(9, "9"), [416, 7]);
  assertEquals(await put(2, "xx"), [202, 4]);
  assertEquals(await put(4, "456789"), [422, 0]);
  assertEquals(await put(0, "0123456789"), [201, 10]);
  assertEquals(await put(0, "0123"), [201, 10]);
});

Deno.test("repeating: over a pipe and by a store too, a marker is made where there is none", async () => {
  await using folder = await scratch();
  const store = new LocalStore(`${folder.path}/new`);
  await store.prepare();
  const remote = new RemoteStore({ location: "the peer", base: "http://peer", transport: storeRoutes(store) });
  const marker = encode(`{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}\n`);
  await assertRejects(() => remote.create("dbx.json", encode(`{"dbx":9}`)), Error, "version 9");
  await remote.create("dbx.json", marker);
  await assertRejects(() => remote.create("dbx.json", marker), AlreadyExistsError);
  assertEquals(await store.read("dbx.json"), marker);
  const { repository } = await initRepository(store.location);
  assertEquals(repository.id, "0000000000abc");
});

Deno.test("SYNC.md: its table of statuses is that of the operations", async () => {
  const spec = await Deno.readTextFile(new URL("../../lib/docs/SYNC.md", import.meta.url));
  const [, section] = /^### Statuses\n([\s\S]*?)^###? /m.exec(spec)!;
  const rows = section.matchAll(/^\| (\d{3}) +\| (.*?) +\| (.*?) +\|$/gm);
  assertEquals(
    Array.from(rows, ([, status, help]) => [status, help]),
    Object.entries(ERRORS).map(([status, { help }]) => [status, help]),
  );
  const api = await Deno.readTextFile(new URL("../../lib/docs/API.md", import.meta.url));
  assertStringIncludes(api, "SYNC.md#statuses");
  assert(!/^\| *\d{3} *\|/m.test(api), "there is one table");
});

Deno.test("proofs: of files that are the same on both sides one digest comes, and of a group with another one all [S114] [slow]", async () => {
  await using folder = await scratch();
  const [a, b] = [new LocalStore(`${folder.path}/a`), new LocalStore(`${folder.path}/b`)];
  const names = Array.from({ length: 600 }, (_, at) => `${String(at).padStart(13, "0")}/meta.json`);
  for (const store of [a, b]) {
    await store.create("dbx.json", encode(`{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}\n`));
    for (const name of names) {
      await Deno.mkdir(`${store.location}/${name.slice(0, -10)}`);
      await Deno.writeTextFile(`${store.location}/${name}`, `{"n":"${name}"}`);
    }
  }
  const routes = storeRoutes(b);
  let asked: string[] = [], bytes = 0;
  const transport = async (request: Request) => {
    const response = await routes(request);
    const body = await response.bytes();
    asked.push(request.url.replace(/.*\/v1\//, ""));
    if (request.url.endsWith("/prove")) bytes += body.length;
    return new Response(response.status === 204 ? null : body, response);
  };
  const far = () => new RemoteStore({ location: "far", base: "http://peer", transport, pause: 0 });
  assertEquals((await sync(a, far())).setbacks, []);
  assertEquals(asked.filter((route) => route === "sync/prove").length, 1);
  assert(bytes < 300, `${bytes} bytes of proofs`);
  // One file differs: its group is asked for, and both are kept.
  await Deno.writeTextFile(`${b.location}/${names[599]}`, `{"n":"${names[598]}"}`);
  [asked, bytes] = [[], 0];
  const { setbacks } = await sync(a, far(), { verify: true });
  assertEquals(setbacks.map(({ name, kind }) => [name, kind]), [[names[599], "diverged"]]);
  assertEquals(asked.filter((route) => route === "sync/prove").length, 2);
  assert(bytes > 5000 && bytes < 25_000, `${bytes} bytes of proofs`);
});
