// Queries whose client has left, and what others are answered meanwhile.
import { assert, assertEquals } from "../assert.ts";
import { post, serve } from "./world.ts";

const ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c";

/** Milliseconds that a busy machine may take; a query that is not ended takes far longer. */
const WAIT_TIMEOUT_MS = 40_000;

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_TIMEOUT_MS;
  while (!await condition()) {
    assert(performance.now() < end, "it takes too long");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("the server: a client that leaves before the first row ends its query; its list is answered even before", async () => {
  await using server = await serve({ limits: { ms: 10 * WAIT_TIMEOUT_MS }, helpers: 2 });
  assertEquals((await post(`${server.api}/experiments`, { kind: "k" })).status, 201);
  const ask = (sql: string, signal: AbortSignal) =>
    fetch(`${server.api}/query?sql=${encodeURIComponent(sql)}`, { signal }).then((answer) => answer.text());
  const active = async () => /dbx_queries_active (\d+)/.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1];
  const leaving = new AbortController();
  const left = ask(ENDLESS, leaving.signal).catch(() => "left");
  await until(async () => await active() === "1");
  const list = await fetch(`${server.api}/list`, { signal: AbortSignal.timeout(WAIT_TIMEOUT_MS) });
  assertEquals([list.status, (await list.json()).rows.length], [200, 1]);
  const next = ask("SELECT 1 AS x", AbortSignal.timeout(WAIT_TIMEOUT_MS));
  leaving.abort();
  assertEquals([await left, await next], ["left", '[\n{"x":1}\n]\n']);
  await until(async () => await active() === "0");
  assertEquals(server.errors, []);
});
