import { QuerySession } from "../../../lib/query/session/session.ts";
import type { DatabaseFactory } from "../../../lib/query/sqlite/database.ts";
import { useDatabase } from "../../../lib/query/sqlite/engine/open_database.ts";
import { loadSqlite } from "../../../lib/query/sqlite/engine/wasm_database.ts";
import { QueryError } from "../../../lib/query/result/query_error.ts";
import { takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { openSource } from "../../../lib/query/snapshot/source.ts";
import { copy } from "@std/fs/copy";
import { walk } from "@std/fs/walk";
import { assert } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random, testSeed } from "../../format/random.ts";
import { escapeKeys, greatExperiment, randomRepository } from "../random_repository.ts";
import { difference, type Found } from "./compare.ts";
import { expectedOf, fillPlainTables } from "./oracle.ts";
import { type GeneratedQuery, generateQuery } from "./queries.ts";
import { GREAT, USUAL } from "./scope.ts";
import { MAX_QUERY_MS, Watch } from "./watch.ts";

const NEEDS = { status: true, runs: true, runStatus: true, logs: true, columns: true, times: true };
const LIMITS = { memory: 512 * 1024 * 1024, length: 64 * 1024 * 1024 };
/** Queries in all. A nightly task asks for more. */
const COUNT = Number(Deno.env.get("DBX_TEST_QUERIES") ?? (Deno.env.has("CI") ? 10_000 : 2_000));
/** The same queries each time, so that only a change makes them fail there; `deno task fuzz` and people ask other ones. */
const CI_SEED = 20_261_130;
/** Queries over one repository, which has a seed of its own: a failure comes back by that seed alone. */
const PER_REPOSITORY = 250;
/** The same of one with very many rows, whose queries take long. */
const PER_GREAT = 50;
const MAX_FAILURES = 10;

export type Executor = "columns" | "sqlite" | "WebAssembly";

/** How many answers there were, by what gave them. */
export interface Counts {
  queries: number;
  refused: number;
  overColumns: number;
}

/** Asks random queries of random repositories, every `of`th from `part` on, and compares all executors with plain tables. */
export async function checkGenerated(part: number, of: number): Promise<void> {
  const seed = Deno.env.has("CI") && !Deno.env.has("DBX_TEST_SEED") ? CI_SEED : testSeed();
  const failures: string[] = [];
  const counts: Counts = { queries: 0, refused: 0, overColumns: 0 };
  const limit = { until: Infinity };
  const open = await loadSqlite(LIMITS, () => performance.now() < limit.until);
  using watch = new Watch();
  const repositories = Math.ceil(COUNT / PER_REPOSITORY);
  console.log(`  DBX_TEST_SEED=${seed} DBX_TEST_QUERIES=${COUNT}`);
  for (let at = part; at < repositories && failures.length < MAX_FAILURES; at += of) {
    await checkRepository(seed + at, { open, limit, watch, counts, failures });
  }
  const { queries, refused, overColumns } = counts;
  console.log(`  ${queries} queries: ${overColumns} over columns, ${refused} that SQLite refuses`);
  assert(failures.length === 0, failures.join("\n\n"));
  assert(refused <= queries / 4 && (queries < 100 || overColumns > queries / 10));
}

interface Tools {
  /** The database of the plain tables: it can be stopped. */
  readonly open: DatabaseFactory;
  readonly limit: { until: number };
  readonly watch: Watch;
  readonly counts: Counts;
  readonly failures: string[];
}

/** One or two random repositories at a moment, with an index on the disk or none. Every few seeds they have very many rows. */
export async function openRandom(
  seed: number,
  path: string,
): Promise<{ readonly view: QuerySession; readonly random: Random }> {
  const random = new Random(seed);
  await randomRepository(random, `${path}/r`);
  if (isGreat(seed)) await greatExperiment(random, `${path}/r`);
  if (random.next() < 0.3) {
    for await (const log of walk(`${path}/r`, { match: [/(log|other\.log)\.jsonl$/], skip: [/notes/, /dbx\.log/] })) {
      await Deno.writeTextFile(log.path, escapeKeys(random, await Deno.readTextFile(log.path)));
    }
  }
  const options = random.next() < 0.5 ? { folder: `${path}/index` } : {};
  const sources = [await openSource(`${path}/r`, { name: "r", ...options })];
  const more = random.next();
  if (more < 0.15) await copy(`${path}/r`, `${path}/s`);
  else if (more < 0.3) await randomRepository(random, `${path}/s`);
  if (more < 0.3) sources.push(await openSource(`${path}/s`, { name: "s" }));
  return { view: new QuerySession(await takeSnapshot(sources, NEEDS, { now: 1_800_000_000_000 })), random };
}

function isGreat(seed: number): boolean {
  return seed % 8 === 7;
}

async function checkRepository(seed: number, { open, limit, watch, counts, failures }: Tools): Promise<void> {
  await using folder = await scratch();
  const { view, random } = await openRandom(seed, folder.path);
  using db = open();
  const tables = await fillPlainTables(db, view);
  const tell = (query: GeneratedQuery, what: string) =>
    failures.push(`DBX_TEST_SEED=${seed} DBX_TEST_QUERIES=${PER_REPOSITORY}, ${what}\n  ${query.asked}`);
  const [count, limits] = isGreat(seed) ? [PER_GREAT, GREAT] : [PER_REPOSITORY, USUAL];
  for (let i = 0; i < count && failures.length < MAX_FAILURES; i++) {
    const query = generateQuery(random, tables, limits);
    counts.queries++;
    limit.until = performance.now() + MAX_QUERY_MS;
    const { value: expected, took } = await watch.time(`plain tables: ${query.plain}`, () => expectedOf(db, query));
    limit.until = Infinity;
    if (took > MAX_QUERY_MS) {
      tell(query, `plain tables took ${took} ms`);
      continue;
    }
    if (typeof expected === "string") counts.refused++;
    const told = new Set<string>();
    const executors: Executor[] = ["columns", counts.queries % 4 === 0 ? "WebAssembly" : "sqlite"];
    for (const executor of executors) {
      const name = `${executor}: ${query.asked}`;
      const { value: found, took } = await watch.time(name, () => foundOf(view, query, executor, open));
      if (took > MAX_QUERY_MS) tell(query, `${executor} took ${took} ms`);
      if (found === undefined) continue;
      if (executor === "columns" && typeof found !== "string") counts.overColumns++;
      const differs = difference(expected, found, query.isOrdered);
      if (differs !== undefined && !told.has(differs)) tell(query, `${executor}:\n${differs}`);
      told.add(differs ?? "");
    }
  }
}

/** What an executor answers; undefined where it leaves the query to another. */
export async function foundOf(
  view: QuerySession,
  { asked, parameters }: GeneratedQuery,
  executor: Executor,
  open: DatabaseFactory,
): Promise<Found | undefined> {
  if (executor === "WebAssembly") useDatabase(open);
  try {
    const options = { executor: executor === "columns" ? "columns" : "sqlite", awaitsSeries: true, params: parameters };
    using answer = await view.query(asked, options as Parameters<QuerySession["query"]>[1]);
    return await Array.fromAsync(answer);
  } catch (error) {
    // Anything else is a crash, also where SQLite refuses the query.
    if (!(error instanceof QueryError)) return [[`${(error as Error).stack}`]];
    return error.message.startsWith("Cannot run the query not over columns") ? undefined : error.message;
  } finally {
    useDatabase(undefined);
  }
}
