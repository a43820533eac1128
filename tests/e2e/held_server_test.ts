import { TIMESTAMP_GRANULARITY_MS } from "../../lib/fs/files/timestamps.ts";
import { experimentId, makeGrowthRepository } from "../../scripts/bench/growth_repository.ts";
import { assertEquals } from "../assert.ts";
import { serveProcess } from "../security/served.ts";
import { dbx } from "./dbx.ts";

const COUNT = 1050;
const POINTS = COUNT * 4;
const SQL = "SELECT (SELECT count(*) FROM experiments) AS experiments, (SELECT count(*) FROM runs) AS runs, " +
  "(SELECT count(*) FROM points) AS points, (SELECT count(*) FROM experiments WHERE status = 'failed') AS failed";

Deno.test("dbx serve: of many settled experiments, what other processes change is in the next answer [slow]", async () => {
  const failed = Array.from({ length: COUNT }, (_, at) => at % 20 === 3).filter((it) => it).length;
  await using server = await serveProcess([], (path) => {
    makeGrowthRepository(path, { experiments: COUNT, events: 2, lives: true, seals: true });
    return Promise.resolve();
  });
  const { path } = server;
  const ask = async () => {
    const response = await fetch(`${server.url}/api/v1/query?sql=${encodeURIComponent(SQL)}`);
    const [row] = await response.json();
    return Object.values(row);
  };
  // Until it is so old that the server takes it for settled: it has the clock of the system, as do the times of change.
  await new Promise((resolve) => setTimeout(resolve, TIMESTAMP_GRANULARITY_MS + 100));
  for (let turn = 0; turn < 6; turn++) assertEquals(await ask(), [COUNT, COUNT, POINTS, failed]);
  const change = async (...args: string[]) => {
    const { code, stderr } = await dbx([...args, "--repo", path]);
    assertEquals(code, 0, stderr);
  };
  await change("rm", experimentId(3));
  assertEquals(await ask(), [COUNT - 1, COUNT - 1, POINTS - 4, failed - 1]);
  await change("log", "--exp", experimentId(7), "eval", "acc=0.5");
  assertEquals(await ask(), [COUNT - 1, COUNT, POINTS - 3, failed - 1]);
});
