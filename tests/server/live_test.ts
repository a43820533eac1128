import { openRepository } from "../../lib/client/location/open_repository.ts";
import type { LiveResult } from "../../lib/client/live/live_results.ts";
import { assert, assertEquals } from "../assert.ts";
import { Random, testSeed } from "../format/random.ts";
import { post, serve } from "./world.ts";

const QUERIES = [
  "SELECT count(*), max(value), min(ts) FROM points WHERE key = 'x'",
  "SELECT exp, count(*) AS n FROM points GROUP BY exp ORDER BY n DESC, exp LIMIT 5",
  "SELECT run, log, series, count, last FROM metrics ORDER BY run, log, series",
  "SELECT id, tags, runs FROM experiments ORDER BY id",
  "SELECT event, data.x FROM events WHERE log = 'log' ORDER BY ts DESC, line DESC LIMIT 20",
  "SELECT e.kind, avg(p.value) FROM points p JOIN experiments e USING (exp) GROUP BY 1 ORDER BY 1",
];

/** Fetches, and breaks the connection of an answer that goes on, now and then. */
function breaking(random: Random): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await fetch(request);
    if (!request.url.endsWith("/live") || response.body === null) return response;
    let left = 1 + random.below(8);
    const cut = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        if (--left < 0) return controller.error(new TypeError("the connection broke"));
        // In pieces, wherever they end.
        const at = random.below(piece.length + 1);
        if (at > 0) controller.enqueue(piece.slice(0, at));
        if (at < piece.length) controller.enqueue(piece.slice(at));
      },
    });
    return new Response(response.body.pipeThrough(cut), { status: response.status, headers: response.headers });
  };
}

Deno.test("live queries: whoever writes, and however often the connection breaks, they say what a fresh query says [slow]", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  await using server = await serve();
  const { api, path } = server;
  const runs: { exp: string; run: string; folder: string }[] = [];
  const makeRun = async () => {
    const { exp } = await (await post(`${api}/experiments`, { kind: random.pick(["a", "b"]) })).json();
    const { run, folder } = await (await post(`${api}/experiments/${exp}/runs`, {})).json();
    runs.push({ exp, run, folder });
  };
  await makeRun();
  const repo = await openRepository(server.url as `http://${string}`, {
    spool: `${server.beside}/spool`,
    transport: breaking(random),
    onMessage: () => {},
  });
  const plain = await openRepository(server.url as `http://${string}`, { spool: `${server.beside}/spool` });
  const controller = new AbortController();
  const states = QUERIES.map((): LiveResult | undefined => undefined);
  const following = QUERIES.map(async (sql, at) => {
    for await (const state of repo.live(sql, {}, { signal: controller.signal })) states[at] = state;
  });
  let ts = 1;
  for (let burst = 0; burst < 15; burst++) {
    for (let count = 1 + random.below(4); count > 0; count--) {
      const { exp, run, folder } = random.pick(runs);
      const lines = Array.from(
        { length: 1 + random.below(30) },
        () => `{"event":"${random.pick(["e", "f"])}","ts":${ts++},"x":${random.below(100)}}\n`,
      );
      const way = random.below(5);
      if (way === 0) await makeRun();
      else if (way === 1) {
        await post(`${api}/experiments/${exp}/notes`, { event: "dbx/tag", data: { tag: `t${random.below(9)}` } });
      } else if (way === 2) {
        await (await fetch(`${api}/runs/${run}/logs/log`, { method: "POST", body: lines.join("") })).text();
      } else {
        const log = `${path}/${folder}/${random.pick(["log", "other.log"])}.jsonl`;
        await Deno.writeTextFile(log, lines.join(""), { append: true });
      }
    }
    const fresh = async (sql: string) => {
      using answer = await plain.query(sql);
      return await Array.fromAsync(answer);
    };
    // Nothing is written any more: each one must come to the same.
    for (const [at, sql] of QUERIES.entries()) {
      const expected = await fresh(sql);
      for (let turn = 0;; turn++) {
        const now = states[at]?.rows;
        if (now !== undefined && JSON.stringify(now) === JSON.stringify(expected)) break;
        if (turn === 3000) assertEquals(now, expected, `seed ${seed}, burst ${burst}: ${sql}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
  controller.abort();
  await Promise.all(following);
  const counted = /^dbx_live_followers (\d+)$/m;
  for (let turn = 0; turn < 100; turn++) {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    if (counted.exec(metrics)?.[1] === "0") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert(false, "who left is still counted");
});
