// A server that takes connections and says nothing, from the first request on, or later; and one that only takes long.
import { UnreachableError } from "../../lib/base/errors.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import type { Transport } from "../../lib/client/http/exchange.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)));
  });

Deno.test("a server that says nothing more while it should work is noticed, and one that works is waited for [slow]", async () => {
  await using folder = await scratch();
  await initRepository(folder.path);
  const routes = storeRoutes(new LocalStore(folder.path));
  const timeouts = { head: 2000, body: 2000 };
  let pulses = 0;
  const slow = (others: number): Transport => async (request) => {
    if (request.method === "HEAD") pulses++;
    await wait(request.url.endsWith("/sync/inventory") ? 1000 : others, request.signal);
    return await routes(request);
  };
  const options = { location: "peer", base: "http://peer", pause: 1, pulse: 100 };
  const busy = new RemoteStore({ ...options, timeouts, transport: slow(0) });
  assertEquals((await Array.fromAsync(busy.listFiles())).length, 1);
  assert(pulses > 2, `${pulses} pulses`);
  const silent = new RemoteStore({ ...options, timeouts: { head: 300, body: 300 }, transport: slow(60_000) });
  const from = performance.now();
  await assertRejects(() => Array.fromAsync(silent.listFiles()), UnreachableError, "does not answer");
  assert(performance.now() - from < 900, "it waited for longer than for the pulse");
});

Deno.test("clone: where the first request failed, it can be repeated [slow]", async () => {
  await using folder = await scratch();
  const [source, copy] = [`${folder.path}/source`, `${folder.path}/copy`];
  await initRepository(source);
  const routes = storeRoutes(new LocalStore(source));
  // Cut before an answer, in the middle of one, an answer that is none, an error: each at the first, second, … request.
  const faults = ["close", "half", "garbage", "error"] as const;
  let fault: typeof faults[number] | undefined, at = 0, count = 0;
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const inner = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => routes(request));
  const serving = (async () => {
    for await (const connection of listener) {
      void (async () => {
        using _ = connection;
        try {
          if (count++ !== at || fault === undefined) {
            using far = await Deno.connect({ hostname: "127.0.0.1", port: inner.addr.port });
            const back = far.readable.pipeTo(connection.writable).catch(() => {});
            await connection.readable.pipeTo(far.writable).catch(() => {});
            return await back;
          }
          await connection.read(new Uint8Array(65536));
          const said = {
            close: "",
            half: "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n[",
            garbage: "SSH-2.0-OpenSSH_9.6\r\n",
            error: "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
          }[fault];
          await connection.write(new TextEncoder().encode(said));
        } catch {
          // The client has left.
        }
      })();
    }
  })();
  const clone = () => dbx(["clone", `http://127.0.0.1:${port}`, copy]);
  for (const next of faults) {
    for (at of [0, 1]) {
      [fault, count] = [next, 0];
      const failed = await clone();
      assert(!/bug in dbx/.test(failed.stderr), failed.stderr);
      fault = undefined;
      const again = await clone();
      assertEquals(again.code, 0, again.stderr);
      await Deno.remove(copy, { recursive: true });
    }
  }
  listener.close();
  await serving;
  await inner.shutdown();
});
