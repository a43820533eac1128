import { newId } from "../../lib/base/ids.ts";
import { FrameEncoder } from "../../lib/protocol/frames.ts";
import { concat } from "../../lib/base/bytes.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { RateLimit } from "../../lib/server/listen/rate_limit.ts";
import { TokenFile } from "../../lib/server/access/token_file.ts";
import { withReadTimeout } from "../../lib/server/http/read_timeout.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { post, serve, type Server } from "./world.ts";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** An experiment with a run, made over HTTP. */
async function makeRun(api: string, headers: Record<string, string> = {}): Promise<{ exp: string; run: string }> {
  const { exp } = await (await post(`${api}/experiments`, { kind: "k" }, headers)).json();
  const { run } = await (await post(`${api}/experiments/${exp}/runs`, {}, headers)).json();
  return { exp, run };
}

/** Sends raw bytes, and gives the status of the answer, 0 where the connection ended without one. */
async function raw(server: Server, head: string): Promise<number> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(server.url).port) });
  await connection.write(new TextEncoder().encode(head));
  const text = await new Response(connection.readable).text().catch(() => "");
  return Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1] ?? 0);
}

Deno.test("the server: roles of tokens decide what may be done, and hashes alone are kept", async () => {
  await using folder = await scratch();
  const tokens = new TokenFile(`${folder.path}/tokens.json`);
  const read = tokens.add("r", "read", 1), write = tokens.add("w", "write", 1), control = tokens.add("c", "control", 1);
  const kept = await Deno.readTextFile(tokens.path);
  assert(![read, write, control].some((token) => kept.includes(token)), "no token stands in the file");
  assertEquals((await Deno.stat(tokens.path)).mode! & 0o777, 0o600);
  await using server = await serve({ tokens });
  const { api } = server;
  assertEquals((await post(`${api}/experiments`, {})).status, 401);
  assertEquals((await post(`${api}/experiments`, {}, bearer(read))).status, 403);
  const { exp, run } = await makeRun(api, bearer(write));
  const stop = { event: "dbx/command", data: { command: "stop", id: newId(), run } };
  assertEquals((await post(`${api}/experiments/${exp}/notes`, stop, bearer(write))).status, 403);
  assertEquals((await post(`${api}/experiments/${exp}/notes`, stop, bearer(control))).status, 204);
  const tag = { event: "dbx/tag", data: { tag: "x" } };
  assertEquals((await post(`${api}/experiments/${exp}/notes`, tag, bearer(read))).status, 403);
  assertEquals((await post(`${api}/experiments/${exp}/notes`, tag, bearer(write))).status, 204);
  // The same by way of synchronisation, also where the name of the event is written otherwise, or in two pieces.
  const line = `{"event":"dbx\\u002fcommand","ts":1,"command":"stop","id":"${newId()}","run":"${run}"}\n`;
  for (const text of [line, line.slice(0, 20)]) {
    const bytes = new TextEncoder().encode(text);
    const part = { name: `${exp}/notes/${newId()}.log.jsonl`, offset: 0, bytes, end: true, size: bytes.length };
    const encoder = new FrameEncoder();
    const body = concat([...encoder.encode(part), encoder.last()]);
    const take = (token: string) =>
      fetch(`${api}/sync/take`, { method: "POST", body, headers: { ...bearer(token), "dbx-protocol": "1" } });
    const { files, setbacks } = await (await take(write)).json();
    assertEquals([files, setbacks.length, setbacks[0].kind], [0, 1, "refused"]);
    assertEquals((await (await take(read)).json()).error !== undefined, true);
  }
  assertEquals((await fetch(`${api}/experiments/${exp}`, { headers: bearer(read) })).status, 200);
  const from = performance.now();
  assertEquals((await fetch(api, { headers: bearer("wrong") })).status, 401);
  assert(performance.now() - from > 250, "a wrong token costs time");
  const wrong = await Promise.all(Array.from({ length: 25 }, () => fetch(api, { headers: bearer("wrong") })));
  assert(wrong.every(({ status }) => status === 401 || status === 429));
  assertEquals((await fetch(api, { headers: bearer("wrong") })).status, 429, "after many wrong ones");
  assertEquals((await fetch(api, { headers: bearer(read) })).status, 200, "nobody can keep another one out");
  tokens.remove("r");
  assertEquals(tokens.list().map(({ name }) => name), ["w", "c"]);
  assertEquals(server.errors, []);
});

Deno.test("the server: pages of other sites, a cookie, CORS where it was asked for", async () => {
  const token = "a token of some length";
  await using server = await serve({ token, cors: ["https://lab.example"] });
  await initRepository(server.path);
  const { api } = server;
  const ask = (headers: Record<string, string>, method = "GET") => fetch(`${api}/experiments`, { method, headers });
  assertEquals((await ask({ ...bearer(token), origin: "https://evil.example" })).status, 403);
  const lab = await ask({ ...bearer(token), origin: "https://lab.example" });
  assertEquals([lab.status, lab.headers.get("access-control-allow-origin")], [200, "https://lab.example"]);
  assertEquals((await ask({ origin: "https://lab.example" }, "OPTIONS")).status, 204);
  const session = await post(`${api}/session`, { token });
  const cookie = session.headers.get("set-cookie")!;
  assert(/HttpOnly/.test(cookie) && /SameSite=Strict/.test(cookie), cookie);
  const own = { cookie: cookie.split(";")[0] };
  assertEquals((await ask(own)).status, 200);
  assertEquals((await ask(own, "POST")).status, 403, "a form of another site sends the cookie, and no origin of ours");
  assertEquals((await ask({ ...own, origin: server.url }, "POST")).status, 201);
  assertEquals((await post(`${api}/session`, { token: "wrong" })).status, 401);
  for (const path of ["/", "/login", "/healthz", "/api/v1", "/nowhere", "/login.js"]) {
    const { headers } = await fetch(server.url + path, { headers: own });
    assertEquals(headers.get("x-content-type-options"), "nosniff", path);
    assert(headers.get("content-security-policy")!.includes("default-src 'none'"), path);
  }
});

Deno.test("the server: what is too long, too much, too slow or leads out is refused", async () => {
  await using server = await serve();
  const { api } = server;
  const { exp, run } = await makeRun(api);
  const host = `Host: ${new URL(server.url).host}`;
  assertEquals(
    await raw(server, `GET /api/v1/${"x".repeat(40_000)} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`),
    414,
  );
  const headers = Array.from({ length: 60 }, (_, at) => `X-${at}: ${"y".repeat(1000)}`).join("\r\n");
  const status = await raw(server, `GET /api/v1 HTTP/1.1\r\n${host}\r\n${headers}\r\nConnection: close\r\n\r\n`);
  assert([431, 0].includes(status), `${status}`);
  const large = await fetch(`${api}/runs/${run}/logs/log`, { method: "POST", body: new Uint8Array(17 * 1024 * 1024) });
  assertEquals(large.status, 413);
  await large.body?.cancel();
  const bomb = new Response(
    new Blob([new Uint8Array(64 * 1024 * 1024)]).stream().pipeThrough(new CompressionStream("gzip")),
  );
  const packed = { method: "POST", body: await bomb.arrayBuffer(), headers: { "content-encoding": "gzip" } };
  assertEquals((await fetch(`${api}/runs/${run}/logs/log`, packed)).status, 413);
  await Deno.symlink("/etc/passwd", `${server.path}/${exp}/runs/${run}/evil.log.jsonl`);
  await Deno.symlink("/etc", `${server.path}/${exp}/runs/etc`);
  for (
    const path of [
      "files/../../../etc/passwd",
      "files/%2e%2e/%2e%2e/etc/passwd",
      "files/.dbx/tokens.json",
      `files/${exp}/runs/${run}/evil.log.jsonl`,
      `files/${exp}/runs/etc/passwd`,
      "objects/..%2f..%2fetc%2fpasswd",
      `runs/${run}/logs/..%2f..%2fmeta`,
      `runs/${run}/logs/evil`,
      "runs/..%2f..%2fx",
      "experiments/%00",
      "experiments/%ff",
    ]
  ) {
    const response = await fetch(`${api}/${path}`);
    const text = await response.text();
    assert(response.status >= 400 && !text.includes("root:"), `${path}: ${response.status} ${text.slice(0, 100)}`);
    const write = await fetch(`${api}/${path}`, { method: "POST", body: `{"event":"x","ts":1}\n` });
    assert(write.status >= 400, `${path}: ${write.status}`);
    await write.body?.cancel();
  }
  assertEquals((await Deno.readTextFile("/etc/passwd")).includes('"event"'), false);
  {
    await using busy = await serve({ http: { atOnce: { all: 2, each: 2 } } });
    const controller = new AbortController();
    const { signal } = controller;
    const slow = [0, 1].map(() => {
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({});
      return fetch(`${busy.api}/experiments`, { method: "POST", body, signal }).catch(() => {});
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    assertEquals((await fetch(`${busy.url}/healthz`)).status, 503);
    controller.abort();
    await Promise.all(slow);
    for (let turn = 0; turn < 100; turn++) {
      const { status } = await fetch(`${busy.url}/healthz`).then(async (response) => (await response.text(), response));
      if (status === 200) break;
      assert(turn < 99, "it takes requests again");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const limit = new RateLimit(10, () => 0);
  assertEquals(Array.from({ length: 25 }, () => limit.allows("a")).filter(Boolean).length, 20);
  assert(limit.allows("b"));
  const stuck = withReadTimeout(new Blob([new Uint8Array(10)]).stream(), 20).getReader();
  await stuck.read();
  await new Promise((resolve) => setTimeout(resolve, 60));
  await assertRejects(() => stuck.read(), Error, "too slowly");
});

Deno.test("the server: hostile SQL ends within its limits, and others are answered meanwhile [slow]", async () => {
  await using server = await serve({ limits: { ms: 700, rows: 10_000, bytes: 4_000_000 } });
  const { api } = server;
  const { run } = await makeRun(api);
  const lines = Array.from({ length: 3000 }, (_, i) => `{"event":"e/${i}","ts":${i + 1},"x":${i}}\n`).join("");
  await (await fetch(`${api}/runs/${run}/logs/log?offset=0`, { method: "POST", body: lines })).text();
  const ask = (sql: string) => fetch(`${api}/query`, { method: "POST", body: JSON.stringify({ sql }) });
  assertEquals((await ask("SELECT count(*) FROM points")).status, 200);
  const endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c";
  const hostile = [
    endless,
    "SELECT count(*) FROM points a, points b, points c, points d",
    "SELECT a.value FROM points a, points b",
    "WITH RECURSIVE c(x) AS (SELECT randomblob(100000) UNION ALL SELECT randomblob(100000) FROM c) SELECT x FROM c",
    "SELECT hex(zeroblob(500000000))",
    "SELECT sum(length(hex(randomblob(4000000)))) FROM points",
    "SELECT group_concat(a.event || b.event || c.event) FROM points a, points b, points c",
    "SELECT replace(hex(zeroblob(1000000)), '0', hex(zeroblob(1000)))",
    // One step each, which nothing interrupts.
    "SELECT instr(zeroblob(15000000), CAST(zeroblob(7000000) || 'x' AS BLOB))",
    "SELECT length(replace(hex(zeroblob(4000000)), hex(zeroblob(3000000)) || 'x', 'y')) AS n",
    "SELECT length(trim(hex(zeroblob(2000000)), replace(hex(zeroblob(2000000)), '0', '1') || '0')) AS n",
    `SELECT hex(zeroblob(4000000)) LIKE '%${"0".repeat(2000)}1' AS n`,
    "SELECT json_patch(j, j) FROM (SELECT json_group_object('k' || a.value || b.value, 1) AS j FROM points a, points b)",
    "SELECT median(a.value) FROM points a, points b, points c",
    // A long text for each row, which whole batches would hold.
    "SELECT count(*) FROM (SELECT replace(s || idx, '0', '1') AS t FROM points, (SELECT hex(zeroblob(4000000)) AS s) ORDER BY t)",
    "SELECT max(replace(s || idx, '0', '1')) FROM points, (SELECT hex(zeroblob(4000000)) AS s) GROUP BY idx",
    // Deep ones.
    `SELECT ${"(".repeat(50_000)}1${")".repeat(50_000)} FROM points`,
    `SELECT 1${"*1".repeat(50_000)} FROM points`,
    `SELECT count(*) AS n FROM points WHERE ${"value = 1 OR ".repeat(9000)} 1`,
  ];
  const from = performance.now();
  const answers = hostile.map(async (sql) => {
    try {
      const response = await ask(sql);
      const text = await response.text();
      return `${response.status} ${text.slice(0, 200)}`;
    } catch {
      return "cut off"; // Rows were sent before the limit was met.
    }
  });
  // While they run, everything else goes on.
  for (let turn = 0; turn < 5; turn++) {
    const start = performance.now();
    assertEquals((await fetch(`${api}/runs/${run}`)).status, 200);
    assert(performance.now() - start < 500, "a small read waits for no query");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const [at, answer] of (await Promise.all(answers)).entries()) {
    // Over columns, some of these take no time.
    assert(/^(422|400) |cut off|^200 \[\n{"n":(8000000|0|3000)}\n\]/.test(answer), `${hostile[at]}: ${answer}`);
  }
  assert(performance.now() - from < 30_000);
  assertEquals((await ask(`SELECT '${"x".repeat(300_000)}'`)).status, 400);
  const pattern = encodeURIComponent("*e".repeat(500) + "*zz");
  assertEquals((await fetch(`${api}/list?name=${pattern}&cols=last:${pattern}`)).status, 200);
  const many = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 20000) SELECT x FROM c";
  const raised = await fetch(`${api}/query?max_rows=100000&max_ms=100000&sql=${encodeURIComponent(many)}`).then(
    async (response) => `${response.status} ${await response.text()}`,
    () => "cut off",
  ).catch(() => "cut off");
  assert(/^422|cut off/.test(raised) && !raised.endsWith("]\n"), "a limit can be lowered only");
  const controller = new AbortController();
  const left = fetch(`${api}/query?sql=${encodeURIComponent(endless)}`, { signal: controller.signal }).catch(() => {});
  setTimeout(() => controller.abort(), 50);
  await left;
  for (
    const sql of [
      "ATTACH 'x' AS y",
      "PRAGMA query_only = 0",
      "DELETE FROM runs",
      "SELECT load_extension('x')",
      "SELECT writefile('x','y')",
    ]
  ) {
    assertEquals((await ask(sql)).status, 422, sql);
  }
  assertEquals((await ask("SELECT count(*) FROM points")).status, 200);
  assertEquals(server.errors, []);
});

Deno.test("the server: what goes wrong tells nothing of the machine; lines that are no events are not kept", async () => {
  await using server = await serve();
  const { api } = server;
  const { exp, run } = await makeRun(api);
  for (const path of ["experiments/nosuchthing", "runs/nosuch", `files/${exp}/runs/nosuch/meta.json`]) {
    const text = await (await fetch(`${api}/${path}`)).text();
    assert(!text.includes(server.path), text);
  }
  const add = (body: string, search = "") => fetch(`${api}/runs/${run}/logs/log${search}`, { method: "POST", body });
  for (
    const body of [
      "no json\n",
      '{"event":"x"\n',
      '{"event":""}\n',
      '{"event":"a\\u0000b"}\n',
      '["event"]\n',
      '{"event":"x","ts":1}\n{"event":5}\n',
    ]
  ) {
    assertEquals((await add(body)).status, 400, body);
    assertEquals((await add(body, "?offset=0")).status, 400, body);
  }
  assertEquals(
    (await add('{"ts":1,"event":"x"}\n', "?offset=0")).status,
    400,
    "the order of keys is part of the format",
  );
  assertEquals((await add('{"event":"x","ts":1}', "?offset=0")).status, 400, "half a line");
  assertEquals(await (await fetch(`${api}/runs/${run}/logs/log`)).text(), "");
  assertEquals((await add('{"acc":1,"event":"x"}')).status, 200, "without an offset it is put right");
  assertEquals(
    /^\{"event":"x","ts":\d+,"acc":1\}\n$/.test(await (await fetch(`${api}/runs/${run}/logs/log`)).text()),
    true,
  );
});

Deno.test("the server: events may be sent again; ranges, resumption, ETags", async () => {
  await using server = await serve();
  const { api } = server;
  const { exp, run } = await makeRun(api);
  const line = (at: number) => `{"event":"e","ts":${at + 1}}\n`;
  const add = async (offset: number, body: string) => {
    const response = await fetch(`${api}/runs/${run}/logs/log?offset=${offset}`, { method: "POST", body });
    return [response.status, (await response.json()).size];
  };
  assertEquals(await add(0, line(0) + line(1)), [200, 42]);
  assertEquals(await add(0, line(0) + line(1)), [200, 42], "again");
  assertEquals(await add(21, line(1) + line(2)), [200, 63], "partly again");
  assertEquals(await add(1000, line(9)), [416, 63], "a gap");
  assertEquals(await add(21, line(8)), [409, undefined], "something else");
  const text = await (await fetch(`${api}/runs/${run}/logs/log?offset=21&limit=1`)).text();
  assertEquals(text, line(1));
  assertEquals(await (await fetch(`${api}/runs/${run}/logs/log?last=1`)).text(), line(2));
  const whole = await fetch(`${api}/runs/${run}/logs/log`);
  await whole.text();
  const etag = whole.headers.get("etag")!;
  assertEquals((await fetch(`${api}/runs/${run}/logs/log`, { headers: { "if-none-match": etag } })).status, 304);
  const shown = await fetch(`${api}/experiments/${exp}`);
  await shown.text();
  const same = await fetch(`${api}/experiments/${exp}`, { headers: { "if-none-match": shown.headers.get("etag")! } });
  assertEquals(same.status, 304);
  // Made again with the same id: once.
  const id = newId();
  assertEquals((await post(`${api}/experiments`, { id, kind: "k" })).status, 201);
  assertEquals((await post(`${api}/experiments`, { id, kind: "k" })).status, 200);
  assertEquals((await post(`${api}/experiments`, { id, kind: "other" })).status, 409);
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  const all = new Uint8Array(3_000_000);
  for (let at = 0; at < all.length; at += bytes.length) all.set(bytes, at);
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", all)).toHex();
  const put = (from: number, to: number) =>
    fetch(`${api}/objects/${sha256}?offset=${from}&size=${all.length}`, { method: "PUT", body: all.slice(from, to) });
  assertEquals((await put(0, 1_000_000)).status, 202);
  const head = await fetch(`${api}/objects/${sha256}`, { method: "HEAD" });
  assertEquals([head.status, head.headers.get("dbx-partial")], [404, "1000000"]);
  assertEquals((await put(2_000_000, 3_000_000)).status, 416);
  assertEquals((await put(1_000_000, 3_000_000)).status, 201);
  const range = await fetch(`${api}/objects/${sha256}`, { headers: { range: "bytes=10-19" } });
  assertEquals(new Uint8Array(await range.arrayBuffer()), all.slice(10, 20));
  assertEquals((await fetch(`${api}/objects/${"0".repeat(64)}`, { method: "PUT", body: "x" })).status, 422);
});

Deno.test("the server: following a log, health, metrics, the described interface", async () => {
  await using server = await serve();
  const { api } = server;
  const { run } = await makeRun(api);
  const add = async (log: string, offset: number, line: string) =>
    await (await fetch(`${api}/runs/${run}/logs/${log}?offset=${offset}`, { method: "POST", body: line })).text();
  await add("log", 0, '{"event":"a","ts":1}\n');
  const followed = fetch(`${api}/runs/${run}/logs/log?follow=1`, { headers: { accept: "text/event-stream" } });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await add("log", 21, '{"event":"b","ts":2}\n');
  await add("dbx", 0, `{"event":"dbx/end","ts":${Date.now()},"status":"finished"}\n`);
  const text = await (await followed).text();
  assertEquals(text, 'id: 21\ndata: {"event":"a","ts":1}\n\nid: 42\ndata: {"event":"b","ts":2}\n\n');
  assertEquals(await (await fetch(`${server.url}/healthz`)).json(), { status: "ok" });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  assert(/^dbx_ingested_events_total 3$/m.test(metrics), metrics);
  assert(/^dbx_requests_total\{method="POST",status="200"\} 3$/m.test(metrics));
  assertEquals((await fetch(`${api}/nosuch`)).status, 404);
  assertEquals((await fetch(`${api}/schema`, { method: "DELETE" })).status, 405);
});
