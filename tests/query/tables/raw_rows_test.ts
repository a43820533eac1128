import { openReader } from "../../../lib/repo/open.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random, testSeed } from "../../format/random.ts";
import { randomRepository } from "../random_repository.ts";
import { rawCoordinates, rawEvents, rawPoints } from "./raw_rows.ts";
import { rowsOf, scanOf, tablesOf } from "./scan_rows.ts";

/** Rows in an order of their own. */
function sorted(rows: readonly Value[][]): Value[][] {
  const key = (row: Value[]) =>
    JSON.stringify(row, (_, it) => typeof it === "bigint" ? `${it}n` : it === Infinity ? "inf" : it);
  return rows.toSorted((a, b) => key(a) < key(b) ? -1 : 1);
}

Deno.test("SnapshotTables: points, metrics and events are what the lines say [slow]", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  for (let round = 0; round < 15; round++) {
    await using folder = await scratch();
    const { grow } = await randomRepository(random, `${folder.path}/r`);
    const source = sourceOf(await openReader(`${folder.path}/r`), { name: "r" });
    if (round % 2 === 0) {
      await tablesOf([source]);
      await grow();
    }
    const told = `seed ${seed}, round ${round}`;
    const tables = await tablesOf([source]);
    const raw = await rawEvents(`${folder.path}/r`);
    const points = sorted(rawPoints(raw));
    const pointColumns = ["exp", "run", "log", "event", "key", "idx", "step", "value", "c0", "c1"];
    assertEquals(sorted(await rowsOf(tables, scanOf("points", pointColumns))), points, told);

    const events = raw.map(({ exp, run, log, line, event, text }): Value[] => {
      const [c0, c1, c2] = [0, 1, 2].map((at) => rawCoordinates(event)[at]);
      const numbers = [c0, c1, c2].map((number) => number === undefined ? null : BigInt(number));
      return [exp, run, log, BigInt(line), event, ...numbers, text];
    });
    const eventColumns = ["exp", "run", "log", "line", "event", "c0", "c1", "c2", "data"];
    assertEquals(sorted(await rowsOf(tables, scanOf("events", eventColumns))), sorted(events), told);
    const times = raw.filter(({ ts }) => ts !== undefined).map(({ log, line, ts }) => [log, BigInt(line), BigInt(ts!)]);
    const timed = await rowsOf(tables, scanOf("events", ["log", "line", "ts"]));
    const found = new Set(timed.map(String));
    assertEquals(times.filter((row) => !found.has(String(row))), [], told);

    const groups = Map.groupBy(points, (row) => JSON.stringify(row.slice(0, 5)));
    const metrics = Array.from(groups.values(), (rows): Value[] => {
      const byIndex = rows.toSorted((a, b) => Number(a[5]! as bigint) - Number(b[5]! as bigint));
      const numbers = byIndex.filter((row) => row[7] !== null);
      const values = numbers.map((row) => row[7] as number);
      const least = numbers.length === 0 ? null : Math.min(...values);
      const greatest = numbers.length === 0 ? null : Math.max(...values);
      const stepOf = (value: number | null) => (byIndex.find((row) => row[7] === value) ?? byIndex[0])[6];
      const [first, last] = [byIndex[0], byIndex.at(-1)!];
      const own = [BigInt(rows.length), first[7], last[7], least, greatest, first[6], last[6]];
      return [
        ...rows[0].slice(0, 5),
        ...own,
        ...least === null ? [first[6], first[6]] : [stepOf(least), stepOf(greatest)],
      ];
    });
    const metricColumns = [
      ...["exp", "run", "log", "event", "key", "count", "first", "last", "min", "max"],
      ...["first_step", "last_step", "min_step", "max_step"],
    ];
    assertEquals(sorted(await rowsOf(tables, scanOf("metrics", metricColumns))), sorted(metrics), told);
    await checkSums(tables, groups, told);
  }
});

/** The internal table of what is known of series. */
async function checkSums(
  tables: Awaited<ReturnType<typeof tablesOf>>,
  groups: ReadonlyMap<string, Value[][]>,
  told: string,
): Promise<void> {
  const hasBoth = [...groups.values()].some((rows) =>
    rows.some((row) => row[7] === Infinity) && rows.some((row) => row[7] === -Infinity)
  );
  if (hasBoth) return;
  const columns = ["exp", "run", "log", "event", "key", "count", "numbers", "sum", "sum_error"];
  const found = await rowsOf(tables, scanOf("series", columns));
  assertEquals(found.length, groups.size, told);
  for (const row of found) {
    const values = groups.get(JSON.stringify(row.slice(0, 5)))!.map((point) => point[7]).filter((it) => it !== null);
    const [count, numbers, sum, error] = row.slice(5);
    assertEquals(
      [count, numbers],
      [BigInt(groups.get(JSON.stringify(row.slice(0, 5)))!.length), BigInt(values.length)],
      told,
    );
    const expected = (values as number[]).reduce((sum, value) => sum + value, 0);
    if (Number.isFinite(expected)) {
      const size = (values as number[]).reduce((sum, value) => sum + Math.abs(value), 0);
      const difference = Math.abs((sum as number) + (error as number) - expected);
      assertEquals(difference <= size * 1e-12, true, `${told}: ${sum} and ${error} of ${values}`);
    } else assertEquals([sum, error], [expected, null], told);
  }
}
