import { initRepository } from "../../../lib/repo/open.ts";
import { QueryPool } from "../../../lib/server/pool/query_pool.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

Deno.test("QueryPool: a thread that is in a step without an end is replaced", async () => {
  await using folder = await scratch();
  await initRepository(`${folder.path}/r`);
  const said: string[] = [];
  const pool = new QueryPool({
    repositories: [{ name: "r", path: `${folder.path}/r` }],
    helpers: 1,
    limits: { ms: 200 },
    graceMs: 200,
    onError: (message) => said.push(message),
  });
  try {
    const ask = async (sql: string) => {
      const stream = await pool.ask([{ at: 0, name: "r" }], { type: "query", asked: sql, format: "csv" });
      return await new Response(stream).text();
    };
    assertEquals(await ask("SELECT 1 AS x"), "x\n1\n");
    // Some seconds, of which no step of SQLite's machine is over.
    const slow = `SELECT replace(hex(zeroblob(1500000)), '0', 'a') LIKE '%${"a".repeat(990)}b'`;
    const first = assertRejects(() => ask(slow), Error, "too long");
    const second = ask("SELECT 2 AS x");
    await first;
    assertEquals(await second, "x\n2\n");
    assert(said.some((message) => /is replaced/.test(message)), said.join());
    assertEquals(pool.load, { active: 0, waiting: 0 });
  } finally {
    pool.close();
  }
});
