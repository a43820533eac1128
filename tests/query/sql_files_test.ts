import { copy } from "@std/fs/copy";
import { openRepository } from "../../lib/client/location/open_repository.ts";
import { openReader } from "../../lib/repo/open.ts";
import { queryCurves } from "../../lib/query/curves/query_curves.ts";
import { curveColumns, curveRows } from "../../lib/query/curves/curve_rows.ts";
import type { Curve, CurveSelector } from "../../lib/query/curves/curve.ts";
import { query, type QueryOptions, type QueryValue } from "../../lib/query/query.ts";
import type { QueryInput } from "../../lib/query/list/shorthand.ts";
import type { QueryError } from "../../lib/query/result/query_error.ts";
import { openSource } from "../../lib/query/snapshot/source.ts";
import type { Source } from "../../lib/query/snapshot/snapshot.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { serve } from "../server/world.ts";
import { parseSqlFile, type SqlCase } from "./sql_file.ts";

const FOLDER = new URL("../sql/", import.meta.url);
const NOW = Date.parse("2026-04-01T00:00:00Z");
/** The experiment that stands alone where the repository is split in two. */
const ALONE = "mnist/bbbbbbbbbbbb2";
const OTHERS = ["mnist/aaaaaaaaaaaa1", "cccccccccccc3"];

interface Answered {
  readonly columns: readonly string[];
  readonly rows: QueryValue[][];
  readonly explain: string;
}

interface Ask {
  query(asked: QueryInput, options: QueryOptions): Promise<Answered>;
  series(selector: CurveSelector, options: QueryOptions): Promise<Curve[]>;
}

const cases: (SqlCase & { readonly file: string })[] = [];
for (const { name } of Deno.readDirSync(FOLDER)) {
  if (!name.endsWith(".test")) continue;
  for (const one of parseSqlFile(Deno.readTextFileSync(new URL(name, FOLDER)), name)) {
    cases.push({ ...one, file: name });
  }
}

async function read(
  answer: AsyncIterable<QueryValue[]> & Disposable & { columns: readonly string[]; explain(): string },
) {
  using found = answer;
  return { columns: found.columns, rows: await Array.fromAsync(found), explain: found.explain() };
}

/** Runs all cases; each that fails is told with its file and name. */
async function runAll(ask: Ask, executor: "auto" | "sqlite"): Promise<void> {
  const failed: string[] = [];
  for (const one of cases) {
    try {
      await check(one, ask, executor);
    } catch (error) {
      failed.push(`${one.file}: ${one.name}\n${(error as Error).message}`);
    }
  }
  assert(failed.length === 0, `${failed.length} of ${cases.length} cases failed\n\n${failed.join("\n\n")}`);
}

async function check(one: SqlCase, ask: Ask, executor: "auto" | "sqlite"): Promise<void> {
  let found: Answered;
  try {
    const options = { params: one.params, executor, now: NOW };
    found = one.curves === undefined
      ? await ask.query(one.asked, options)
      : answerOf(one.curves, await ask.series(one.curves, options));
  } catch (error) {
    if (one.error === undefined || !(error instanceof Error)) throw error;
    assertStringIncludes(error.message, one.error);
    if (one.at !== undefined) assertEquals((error as QueryError).position, one.at, error.message);
    return;
  }
  assert(one.error === undefined, `expected the error "${one.error}", found ${found.rows.map(keyOf)}`);
  if (one.columns !== undefined) assertEquals(found.columns, one.columns);
  const rows = found.rows.map((row) => row.map((value, at) => (one.ignored.has(at) ? "" : rounded(value))));
  const expected = one.rows.map((row) => row.map(rounded));
  const text = (list: readonly (readonly QueryValue[])[]) => (one.isOrdered ? list.map(keyOf) : list.map(keyOf).sort());
  assertEquals(text(rows), text(expected));
  if (executor === "auto" && one.executor !== undefined) {
    assertStringIncludes(found.explain, `executor: ${one.executor}`);
  }
}

/** Curves as the rows of an answer. */
function answerOf(selector: CurveSelector, curves: readonly Curve[]): Answered {
  const columns = curveColumns(selector, curves);
  const { labels, coordinates, x, y } = columns;
  return {
    columns: [...labels, ...coordinates, x, ...y],
    rows: [...curveRows(curves, columns)].flat(),
    explain: "",
  };
}

/** To 14 digits: the sum of sums may differ from the sum in the last one. */
function rounded(value: QueryValue): QueryValue {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(14)) : value;
}

function keyOf(row: readonly QueryValue[]): string {
  return row.map((value) => `${value instanceof Uint8Array ? value.toHex() : value}`).join(" | ");
}

const of = (sources: readonly Source[]): Ask => ({
  query: async (asked, options) => read(await query(sources, asked, options)),
  series: (selector, options) => queryCurves(sources, selector, options),
});

Deno.test("the queries of tests/sql: in a folder, over columns and by SQLite", async () => {
  const sources = [await openSource(decodeURIComponent(new URL("repository", FOLDER).pathname), { name: "r" })];
  await runAll(of(sources), "auto");
  await runAll(of(sources), "sqlite");
});

Deno.test("the queries of tests/sql: through a server", async () => {
  await using folder = await scratch();
  await copy(new URL("repository", FOLDER), `${folder.path}/r`);
  await using server = await serve({ path: `${folder.path}/r` });
  const repository = await openRepository(server.url);
  await runAll({
    query: async (asked, { params }) => read(await repository.query(asked, params)),
    series: (selector) => repository.series(selector),
  }, "auto");
});

Deno.test("the queries of tests/sql: split into two repositories", async () => {
  await using folder = await scratch();
  const [one, two] = [`${folder.path}/one`, `${folder.path}/two`];
  for (const path of [one, two]) await copy(new URL("repository", FOLDER), path);
  await Deno.remove(`${one}/${ALONE}`, { recursive: true });
  for (const folder of OTHERS) await Deno.remove(`${two}/${folder}`, { recursive: true });
  const sources = await Promise.all([one, two].map((path) => openSource(path)));
  await runAll(of(sources), "auto");
  await runAll(of(sources), "sqlite");
});

Deno.test("the queries of tests/sql: over two copies of one repository, columns and SQLite agree", async () => {
  await using folder = await scratch();
  const [one, two] = [`${folder.path}/one`, `${folder.path}/two`];
  for (const path of [one, two]) await copy(new URL("repository", FOLDER), path);
  const ask = of(await Promise.all([one, two].map((path) => openSource(path))));
  const answer = async ({ asked, params }: SqlCase, executor: "auto" | "sqlite") => {
    try {
      return (await ask.query(asked, { params, executor, now: NOW })).rows.map((row) => keyOf(row.map(rounded))).sort();
    } catch (error) {
      return (error as Error).message;
    }
  };
  for (const one of cases) {
    if (one.ignored.size === 0) assertEquals(await answer(one, "auto"), await answer(one, "sqlite"), one.name);
  }
});

Deno.test("the repository of tests/sql is as the format wants it", async () => {
  const repository = await openReader(decodeURIComponent(new URL("repository", FOLDER).pathname));
  const ids = (await Array.fromAsync(repository.experiments())).map(({ id }) => id);
  assertEquals(ids.sort(), ["aaaaaaaaaaaa1", "bbbbbbbbbbbb2", "cccccccccccc3"]);
  assertEquals(repository.problems, []);
});
