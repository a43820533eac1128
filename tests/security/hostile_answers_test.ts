import { DamageError, GarbledError, UnreachableError } from "../../lib/base/errors.ts";
import { HttpClient } from "../../lib/client/http/client.ts";
import { RemoteResult } from "../../lib/client/remote_result.ts";
import { eventsOf } from "../../lib/protocol/server_sent_events.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { frame } from "../../lib/protocol/frames.ts";
import { pipeTransport } from "../../lib/client/http/pipe_transport.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const encoder = new TextEncoder();
const MEGABYTE = new Uint8Array(1024 * 1024).fill(32);

/** A server at the level of bytes. `answer` writes what it likes; what it has written is counted. */
function evil(answer: (write: (bytes: Uint8Array) => Promise<void>, request: string) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let sent = 0;
  const connections = new Set<Deno.Conn>();
  const serve = async (connection: Deno.Conn) => {
    connections.add(connection);
    const buffer = new Uint8Array(64 * 1024);
    try {
      const count = await connection.read(buffer);
      await answer(async (bytes) => {
        for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
        sent += bytes.length;
      }, new TextDecoder().decode(buffer.subarray(0, count ?? 0)));
    } catch {
      // The client left.
    }
    connections.delete(connection);
    try {
      connection.close();
    } catch {
      // It is closed.
    }
  };
  const over = (async () => {
    for await (const connection of listener) serve(connection);
  })();
  return {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    sent: () => sent,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of connections) {
        try {
          connection.close();
        } catch {
          // It is closed.
        }
      }
      await over;
    },
  };
}

const head = (...lines: string[]) =>
  encoder.encode(["HTTP/1.1 200 OK", "dbx-protocol: 1", ...lines, "", ""].join("\r\n"));
const chunk = (
  bytes: Uint8Array,
) => [encoder.encode(`${bytes.length.toString(16)}\r\n`), bytes, encoder.encode("\r\n")];
const forever = new Promise<void>(() => {});
const timeouts = { head: 300, body: 300 };
const storeOf = (url: string) => new RemoteStore({ location: url, base: url, transport: fetch, timeouts, pause: 1 });
const apiOf = (url: string) => new HttpClient({ base: url, timeouts, pause: 1 });

Deno.test("a server that says nothing, or drips bytes, is given up [slow]", async () => {
  await using silent = evil(() => forever);
  await using dripping = evil(async (write) => {
    await write(head("Content-Type: application/json", "Transfer-Encoding: chunked"));
    while (true) {
      for (const piece of chunk(encoder.encode(" "))) await write(piece);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  await using dripsHead = evil(async (write) => {
    await write(encoder.encode("HTTP/1.1 200 OK\r\nX-A: "));
    while (true) {
      await write(encoder.encode("a"));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  await using waits = evil(async (write) => {
    while (true) {
      await write(encoder.encode("HTTP/1.1 100 Continue\r\n\r\n"));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  for (const server of [silent, dripping, dripsHead, waits]) {
    await assertRejects(() => apiOf(server.url).json("about", { retries: 0 }), UnreachableError);
    await assertRejects(() => Array.fromAsync(storeOf(server.url).list("")), UnreachableError);
    await assertRejects(() => storeOf(server.url).read("dbx.json"), UnreachableError);
  }
});

Deno.test("endless heads, chunks, lines and messages, and bombs, are cut off after few bytes", async () => {
  const endless = (type: string, first = "") => async (write: (bytes: Uint8Array) => Promise<void>) => {
    await write(head(`Content-Type: ${type}`, "Transfer-Encoding: chunked"));
    for (const piece of chunk(encoder.encode(first || " "))) await write(piece);
    while (true) for (const piece of chunk(MEGABYTE)) await write(piece);
  };
  {
    await using server = evil(async (write) => {
      await write(encoder.encode("HTTP/1.1 200 OK\r\n"));
      for (let at = 0;; at++) await write(encoder.encode(`X-${at}: ${"y".repeat(1000)}\r\n`));
    });
    await assertRejects(() => apiOf(server.url).json("about", { retries: 0 }), UnreachableError);
    assert(server.sent() < 20_000_000);
  }
  await using json = evil(endless("application/json"));
  await assertRejects(
    () => apiOf(json.url).json("about", { retries: 0, maxBytes: 5_000_000 }),
    DamageError,
    "more than 5000000",
  );
  await assertRejects(() => Array.fromAsync(storeOf(json.url).list("")), DamageError, "more than");
  await assertRejects(() => storeOf(json.url).read("dbx.json", { length: 10 }), DamageError, "more than 10 bytes");
  await assertRejects(() => storeOf(json.url).hashPrefixes([{ name: "dbx.json" }]), DamageError, "more than");
  await assertRejects(() => Array.fromAsync(storeOf(json.url).listFiles()), GarbledError);
  assert(json.sent() < 400_000_000, `${json.sent()} bytes`);
  await using failing = evil(async (write) => {
    await write(encoder.encode("HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n"));
    while (true) for (const piece of chunk(MEGABYTE)) await write(piece);
  });
  await assertRejects(() => apiOf(failing.url).call("about", { retries: 0 }), Error, "400");
  await assertRejects(() => storeOf(failing.url).read("dbx.json"), Error, "400");
  assert(failing.sent() < 60_000_000, `${failing.sent()} bytes`);
  // 300 MiB of blanks in 300 KiB.
  const packed = new Uint8Array(
    await new Response(
      ReadableStream.from((function* () {
        for (let at = 0; at < 300; at++) yield MEGABYTE;
      })()).pipeThrough(new CompressionStream("gzip") as TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>),
    ).arrayBuffer(),
  );
  await using bomb = evil(async (write) => {
    await write(head("Content-Encoding: gzip", `Content-Length: ${packed.length}`));
    await write(packed);
    await forever;
  });
  await assertRejects(() => storeOf(bomb.url).read("dbx.json", { length: 10 }), DamageError, "more than 10 bytes");
  await assertRejects(() => Array.fromAsync(storeOf(bomb.url).list("")), DamageError, "more than");
  const messages = new AbortController();
  const stream = ReadableStream.from((function* () {
    yield encoder.encode("event: answer\n");
    while (true) yield encoder.encode("data: " + "x".repeat(1_000_000) + "\n");
  })()) as ReadableStream<Uint8Array<ArrayBuffer>>;
  await assertRejects(() => Array.fromAsync(eventsOf(stream, messages.signal)), DamageError, "one has more than");
  const rows = ReadableStream.from((function* () {
    yield encoder.encode(`{"columns":["a"]}\n["`);
    while (true) yield MEGABYTE;
  })());
  const answer = await RemoteResult.open(apiOf(json.url), new Response(rows));
  await assertRejects(() => Array.fromAsync(answer), DamageError);
});

Deno.test("a server that promises 10 bytes of a file and sends 300 MiB is cut off", async () => {
  const name = "0abcdefghijkl/meta.json";
  await using server = evil(async (write) => {
    await write(head("Content-Type: application/octet-stream", "Transfer-Encoding: chunked"));
    for (let at = 0; at < 300; at++) {
      const part = frame(JSON.stringify({ name, offset: at * MEGABYTE.length, size: 10 }), MEGABYTE);
      for (const piece of chunk(part)) await write(piece);
    }
  });
  const error = await assertRejects(
    () => Array.fromAsync(storeOf(server.url).readMany([{ name, offset: 0 }])),
    DamageError,
  );
  assert(/continues beyond its 10 bytes|not a file that belongs in a repository/.test(error.message), error.message);
  assert(server.sent() < 60_000_000, `${server.sent()} bytes`);
});

Deno.test("the far side of ssh that says nothing, or never ends an answer, is cut off [slow]", async () => {
  const nothing = pipeTransport(new ReadableStream({}), { write: () => Promise.resolve() }, { who: "host" });
  const silent = new RemoteStore({ location: "host", base: "http://pipe", transport: nothing, timeouts, pause: 1 });
  await assertRejects(() => Array.fromAsync(silent.list("")), UnreachableError, "does not answer");
  const u32 = (value: number) => Uint8Array.of(value >> 24, value >> 16, value >> 8, value);
  const first = encoder.encode(JSON.stringify({ status: 200, headers: { "dbx-protocol": "1" } }));
  const endless = ReadableStream.from((function* () {
    yield u32(first.length);
    yield first;
    while (true) {
      yield u32(MEGABYTE.length);
      yield MEGABYTE;
    }
  })());
  const transport = pipeTransport(endless, { write: () => Promise.resolve() }, { who: "host" });
  const store = new RemoteStore({ location: "host", base: "http://pipe", transport, timeouts, pause: 1 });
  await assertRejects(() => Array.fromAsync(store.list("")), Error, "more than");
  await assertRejects(() => Array.fromAsync(store.list("")), Error, "Cannot reach host");
  await using folder = await scratch();
  // A program in the place of ssh that stays when nothing more comes, and is deaf to what it is told.
  await Deno.writeTextFile(`${folder.path}/ssh`, "#!/bin/sh\nprintf 'nonsense'\nexec sleep 60\n", { mode: 0o755 });
  await dbx(["init", `${folder.path}/r`]);
  const from = performance.now();
  const { code, stderr } = await dbx(["pull", "host:x", "-R", `${folder.path}/r`], {
    env: { DBX_SSH: `${folder.path}/ssh` },
  });
  assertEquals(code === 0, false, stderr);
  assert(performance.now() - from < 30_000, "it does not wait for it");
});
