import { walk } from "@std/fs/walk";
import { parseQuery } from "../../lib/query/sql/parse.ts";
import { parametersOf } from "../../lib/query/bind/parameters.ts";
import { openSource } from "../../lib/query/snapshot/source.ts";
import { query } from "../../lib/query/query.ts";
import { useDatabase } from "../../lib/query/sqlite/engine/open_database.ts";
import { loadSqlite } from "../../lib/query/sqlite/engine/wasm_database.ts";
import { QueryError } from "../../lib/query/result/query_error.ts";
import { assert } from "../assert.ts";
import { difference, type Found } from "./generated/compare.ts";

const ROOT = new URL("../../", import.meta.url);
const NOW = Date.parse("2026-04-01T00:00:00Z");
/** Texts in quotes or backquotes that begin as a query does, without anything put into them. */
const QUERY = /"((?:SELECT|WITH|VALUES)\b(?:[^"\\\n]|\\.)*)"|`((?:SELECT|WITH|VALUES)\b[^`$\\]*)`/g;
const LIMITS = { memory: 64 * 1024 * 1024, length: 1024 * 1024 };
/** Some queries of tests are made to take for ever. In milliseconds. */
const MAX_QUERY_MS = 500;
const STOPPED = /interrupted|more memory|too big/;
/** What may differ from one run to the next, or leaves the rows open. */
const OPEN =
  /\brandom|\blimit\b(?![^)]*\border by\b)|\bnow\b|current_|sqlite_|group_concat|json_group|_array\(|changes\(|string_agg/i;

/** The queries that documents and tests hold. */
async function writtenQueries(): Promise<Set<string>> {
  const found = new Set<string>();
  const skip = [/node_modules/, /\/dist\//, /fixtures/, /\.git\//, /generated\/reduce/];
  for await (const { path } of walk(ROOT, { includeDirs: false, exts: ["md", "ts"], skip })) {
    if (path.endsWith(".ts") && !/\/(tests|lib\/docs|scripts)\//.test(path)) continue;
    for (const [, quoted, plain] of (await Deno.readTextFile(path)).matchAll(QUERY)) {
      found.add(quoted === undefined ? plain : quoted.replace(/\\(u\{?[0-9a-f]+\}?|.)/gi, unescaped));
    }
  }
  return found;
}

function unescaped(_: string, what: string): string {
  if (what[0] === "u" && what.length > 1) return String.fromCodePoint(parseInt(what.replace(/[u{}]/g, ""), 16));
  return what === "n" ? "\n" : what === "t" ? "\t" : what === "0" ? "\0" : what;
}

Deno.test("queries that documents and tests hold have one answer, whoever runs them [slow]", async () => {
  const sources = [await openSource(decodeURIComponent(new URL("tests/sql/repository", ROOT).pathname), { name: "r" })];
  const ask = async (sql: string, executor: "columns" | "sqlite"): Promise<Found | undefined> => {
    try {
      const params = Object.fromEntries(parametersOf(parseQuery(sql)).map(({ name }) => [name, 3]));
      using answer = await query(sources, sql, { executor, params, now: NOW, awaitsSeries: true });
      return await Array.fromAsync(answer);
    } catch (error) {
      if (!(error instanceof QueryError)) return [[`${(error as Error).stack}`]];
      return error.message.startsWith("Cannot run the query not over columns") ? undefined : error.message;
    }
  };
  const failed: string[] = [];
  let until = Infinity;
  useDatabase(await loadSqlite(LIMITS, () => performance.now() < until));
  using _ = { [Symbol.dispose]: () => useDatabase(undefined) };
  const counts = { queries: 0, overColumns: 0 };
  for (const sql of await writtenQueries()) {
    until = performance.now() + MAX_QUERY_MS;
    const expected = await ask(sql, "sqlite");
    if (expected === undefined || performance.now() > until || typeof expected === "string" && STOPPED.test(expected)) {
      continue;
    }
    const found = await ask(sql, "columns");
    counts.queries++;
    if (found === undefined) continue;
    if (typeof found !== "string") counts.overColumns++;
    if (OPEN.test(sql) && typeof expected !== "string" && expected.length === found.length) continue;
    const how = difference(expected, found, false);
    if (how !== undefined) failed.push(`${sql}\n${how}`);
  }
  assert(failed.length === 0, `${failed.length} queries differ\n\n${failed.join("\n\n")}`);
  assert(counts.queries > 200 && counts.overColumns > 100, JSON.stringify(counts));
});
