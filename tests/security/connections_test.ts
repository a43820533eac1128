import { concat } from "../../lib/base/bytes.ts";
import { assert, assertEquals } from "../assert.ts";
import { post, serve } from "../server/world.ts";
import { meanwhile } from "./served.ts";

const TOKEN = "a token of some length";

/** A connection to a server, on which bytes are sent by hand. */
async function connect(url: string): Promise<Deno.TcpConn> {
  return await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
}

const send = (connection: Deno.Conn, text: string) => connection.write(new TextEncoder().encode(text));

/** What comes until the other side ends the connection. */
async function rest(connection: Deno.Conn): Promise<string> {
  return await new Response(connection.readable).text().catch(() => "");
}

Deno.test("slow heads are cut off, however slowly they come, and others are answered meanwhile", async () => {
  await using server = await serve({ http: { front: { headMs: 600 } } });
  const slow = await Promise.all(Array.from({ length: 50 }, () => connect(server.url)));
  const ends = slow.map(async (connection, at) => {
    const from = performance.now();
    if (at % 2 === 0) await send(connection, "GET / HTTP/1.1\r\nHost: x\r\n");
    // Some say nothing at all; one sends a letter now and then.
    const timer = at === 0 ? setInterval(() => send(connection, "x").catch(() => {}), 100) : undefined;
    await rest(connection);
    clearInterval(timer);
    return performance.now() - from;
  });
  const longest = await meanwhile(`${server.url}/healthz`, Promise.all(ends));
  assert(longest < 1000, `${longest}`);
  for (const took of await Promise.all(ends)) assert(took < 5000, `${took}`);
  assertEquals(server.app.metrics.cuts.get("slow-head"), 50);
});

Deno.test("a second head on a connection that is kept must come in time, too; one that waits is let be", async () => {
  await using server = await serve({ http: { front: { headMs: 300, idleMs: 2500 } } });
  const host = new URL(server.url).host;
  const whole = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const buffer = new Uint8Array(64 * 1024);
  const answered = async (connection: Deno.Conn) => {
    await send(connection, whole);
    const count = await connection.read(buffer);
    assert(count !== null, "it was cut though it had sent nothing");
    assert(new TextDecoder().decode(buffer.subarray(0, count)).startsWith("HTTP/1.1 200"));
  };
  const waits = await connect(server.url);
  await answered(waits);
  const slow = await connect(server.url);
  await answered(slow);
  await send(slow, "GET /healthz HTTP/1.1\r\n");
  const from = performance.now();
  assertEquals(await rest(slow), "");
  assert(performance.now() - from < 2000);
  assertEquals(server.app.metrics.cuts.get("slow-head"), 1);
  await answered(waits);
  // One may begin with the end of another request.
  const early = await connect(server.url);
  await send(early, whole + "GET /healthz HTTP/1.1\r\n");
  const began = performance.now();
  assertEquals((await rest(early)).match(/HTTP\/1.1 200/g)?.length, 1);
  assert(performance.now() - began < 2000);
  assertEquals(server.app.metrics.cuts.get("slow-head"), 2);
  waits.close();
});

Deno.test("who fills all connections without a token keeps nobody out who has one", async () => {
  await using server = await serve({ token: TOKEN, http: { front: { strangers: 60, each: 40 } } });
  const connections: Deno.Conn[] = [];
  const ends: Promise<string>[] = [];
  let ended = 0;
  for (let at = 0; at < 150; at++) {
    const connection = await connect(server.url);
    await send(connection, "GET /api/v1 HTTP/1.1\r\n").catch(() => {});
    connections.push(connection);
    ends.push(rest(connection).finally(() => ended++));
    if (at % 10 === 0) {
      // On a connection of its own, which shows no right before its head has come.
      const own = await connect(server.url);
      const head =
        `GET /api/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n\r\n`;
      await send(own, head);
      assert((await rest(own)).startsWith("HTTP/1.1 200"), `${at}`);
    }
  }
  assert(server.app.metrics.cuts.get("too-many")! >= 100);
  for (let tries = 0; ended < 100 && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert(ended >= 100, `${ended} of those that are too many were cut`);
  for (const connection of connections) {
    try {
      connection.close();
    } catch {
      // It was cut.
    }
  }
  await Promise.all(ends);
});

Deno.test("bodies of strangers are small, and come at once [slow]", async () => {
  await using server = await serve({ token: TOKEN });
  const session = `${server.api}/session`;
  const large = await post(session, { token: "x".repeat(5000) });
  assertEquals(large.status, 413);
  await large.body?.cancel();
  const host = new URL(server.url).host;
  const begin = `POST /api/v1/session HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\n\r\n`;
  // Each piece comes in time, the whole does not.
  const slow = Array.from({ length: 20 }, async () => {
    const connection = await connect(server.url);
    await send(connection, begin);
    const timer = setInterval(() => send(connection, " ").catch(() => {}), 200);
    const from = performance.now();
    const buffer = new Uint8Array(1024);
    const count = await connection.read(buffer).catch(() => null);
    clearInterval(timer);
    connection.close();
    return { ms: performance.now() - from, text: new TextDecoder().decode(buffer.subarray(0, count ?? 0)) };
  });
  const headers = { authorization: `Bearer ${TOKEN}` };
  const asked = (async () => {
    const response = await fetch(server.api, { headers });
    await response.body?.cancel();
    assertEquals(response.status, 200);
  })();
  await Promise.all([meanwhile(`${server.url}/healthz`, Promise.all(slow)), asked]);
  for (const { ms, text } of await Promise.all(slow)) {
    assert(text.startsWith("HTTP/1.1 408"), text);
    assert(ms < 10_000, `${ms}`);
  }
});

Deno.test("strangers have half of all places at most, and a token its own", async () => {
  await using server = await serve({ token: TOKEN, http: { atOnce: { all: 16, each: 8 } } });
  const headers = { authorization: `Bearer ${TOKEN}` };
  const wrong = Array.from({ length: 40 }, () => fetch(server.api, { headers: { authorization: "Bearer wrong" } }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const right = await fetch(server.api, { headers });
  assertEquals(right.status, 200);
  await right.body?.cancel();
  const statuses = await Promise.all(wrong.map(async (asked) => {
    const response = await asked;
    await response.body?.cancel();
    return response.status;
  }));
  // How many there are at once depends on the machine; `budgets_test.ts` counts.
  assert(statuses.includes(503), statuses.join());
});

Deno.test("readers that do not read are cut and counted", async () => {
  await using server = await serve({ http: { front: { readMs: 700 } } });
  const { api, url } = server;
  // So much that no buffer on the way holds it, also packed.
  const bytes = new Uint8Array(12 * 1024 * 1024);
  for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const placed = await fetch(`${api}/objects/${sha256}`, { method: "PUT", body: bytes });
  assertEquals(placed.status, 201);
  await placed.body?.cancel();
  const name = `objects/${sha256.slice(0, 2)}/${sha256}`;
  const wants = JSON.stringify({ wants: [[name, 0]] });
  const host = new URL(url).host;
  const heads = [
    `GET /api/v1/objects/${sha256} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET /api/v1/files/${name} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `POST /api/v1/sync/give HTTP/1.1\r\nHost: ${host}\r\ndbx-protocol: 1\r\nContent-Length: ${wants.length}\r\n\r\n${wants}`,
  ];
  const connections = await Promise.all(heads.map(async (head) => {
    const connection = await connect(url);
    await send(connection, head);
    return connection;
  }));
  const cut = (async () => {
    for (let turn = 0; (server.app.metrics.cuts.get("slow-reader") ?? 0) < heads.length; turn++) {
      assert(turn < 1200, "not all are cut");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  await meanwhile(`${url}/healthz`, cut);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert(metrics.includes(`dbx_connections_cut_total{why="slow-reader"} 3`), metrics);
  for (const connection of connections) connection.close();
});

Deno.test("large bodies of one token are read some at a time, so that they do not fill the memory", async () => {
  await using server = await serve({ token: TOKEN });
  const host = new URL(server.url).host;
  const begun = (await Promise.all(Array.from({ length: 180 }, () => connect(server.url)))).map(
    async (connection, at) => {
      const sha256 = String(at).padStart(64, "0");
      await send(
        connection,
        `PUT /api/v1/objects/${sha256}?size=16777216 HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${TOKEN}\r\n` +
          `Content-Type: application/octet-stream\r\nContent-Length: 16777216\r\n\r\n`,
      );
      const buffer = new Uint8Array(4096);
      const answer = connection.read(buffer).then((count) => new TextDecoder().decode(buffer.subarray(0, count ?? 0)));
      return { connection, answer: answer.catch(() => "") };
    },
  );
  const all = await Promise.all(begun);
  const refused = new Set<number>();
  all.forEach(({ answer }, at) => answer.then((text) => text.startsWith("HTTP/1.1 429") && refused.add(at)));
  // Sixteen are read, and 128 wait: before, all of them were read.
  const headers = { authorization: `Bearer ${TOKEN}` };
  for (let tries = 0; refused.size < 36 && tries < 200; tries++) {
    await (await fetch(server.api, { headers })).body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assertEquals(refused.size, 36);
  for (const { connection } of all) connection.close();
  await Promise.all(all.map(({ answer }) => answer));
});

/** A frame of HTTP/2. */
function frame(type: number, flags: number, stream: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(9 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length << 8 | type);
  view.setUint8(4, flags);
  view.setUint32(5, stream);
  bytes.set(payload, 9);
  return bytes;
}

/** The beginning of a connection of HTTP/2 that wants to be told nothing, and some requests on it. */
function deafRequests(host: string, path: string, count: number): Uint8Array<ArrayBuffer> {
  const text = (word: string) => String.fromCharCode(word.length) + word;
  const field = (name: string, value: string) => `\x00${text(name)}${text(value)}`;
  const head = field(":method", "GET") + field(":scheme", "http") + field(":path", path) +
    field(":authority", host) + field("authorization", `Bearer ${TOKEN}`);
  const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return concat([
    bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    frame(4, 0, 0, bytes("\x00\x04\x00\x00\x00\x00")),
    ...Array.from({ length: count }, (_, at) => frame(1, 5, 1 + 2 * at, bytes(head))),
  ]);
}

Deno.test("who takes no answer of HTTP/2 has few large ones made at a time [slow]", async () => {
  await using server = await serve({ token: TOKEN });
  const { host } = new URL(server.url);
  const bytes = new Uint8Array(1024 * 1024).map((_, at) => at);
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/octet-stream" };
  const placed = await fetch(`${server.api}/objects/${sha256}`, { method: "PUT", body: bytes, headers });
  assertEquals(placed.status, 201);
  await placed.body?.cancel();
  const connection = await connect(server.url);
  await connection.write(deafRequests(host, `/api/v1/objects/${sha256}`, 30));
  const timer = setTimeout(() => connection.close(), 2000);
  let came = new Uint8Array();
  try {
    for await (const piece of connection.readable) came = concat([came, piece]);
  } catch {
    // It has been long enough.
  }
  clearTimeout(timer);
  let heads = 0;
  for (let at = 0; at + 9 <= came.length; at += 9 + (came[at] << 16 | came[at + 1] << 8 | came[at + 2])) {
    if (came[at + 3] === 1) heads++;
  }
  assertEquals(heads, 4);
});
