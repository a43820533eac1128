import { UnsupportedAtRuntime } from "../../lib/query/columns/fallback.ts";
import { query, type QueryOptions, type QueryValue } from "../../lib/query/query.ts";
import { openSource } from "../../lib/query/snapshot/source.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { parseSqlFile, type SqlCase } from "./sql_file.ts";

const FOLDER = new URL("../sql/", import.meta.url);
const NOW = Date.parse("2026-04-01T00:00:00Z");
/** So many calls of one operator are failed: the first, and others up to the last. */
const CALLS = 4;

const cases: (SqlCase & { readonly file: string })[] = [];
for (const { name } of Deno.readDirSync(FOLDER)) {
  if (!name.endsWith(".test")) continue;
  const all = parseSqlFile(Deno.readTextFileSync(new URL(name, FOLDER)), name);
  cases.push(...all.filter(({ error }) => error === undefined).map((one) => ({ ...one, file: name })));
}

/** To 14 digits: the sum of sums may differ from the sum in the last one. */
function keyOf(row: readonly QueryValue[]): string {
  return row.map((value) => {
    if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(14)));
    return value instanceof Uint8Array ? value.toHex() : String(value);
  }).join(" | ");
}

Deno.test("a Fallback at any operator of any query of tests/sql gives SQLite's answer [slow]", async () => {
  const sources = [await openSource(decodeURIComponent(new URL("repository", FOLDER).pathname), { name: "r" })];
  let injected = 0;
  for (const one of cases.filter(({ curves }) => curves === undefined)) {
    const ask = async (options: QueryOptions) => {
      using answer = await query(sources, one.asked, { params: one.params, now: NOW, ...options });
      const rows = (await Array.fromAsync(answer)).map((row) => keyOf(row.filter((_, at) => !one.ignored.has(at))));
      return { rows: one.isOrdered ? rows : rows.sort(), explain: answer.explain() };
    };
    const expected = await ask({ executor: "sqlite" });
    const calls: string[] = [];
    await ask({ inject: (operator) => void calls.push(operator) });
    for (const at of chosen(calls)) {
      const reason = `${calls[at]} met what was not planned`;
      let call = 0;
      const inject = () => {
        if (call++ === at) throw new UnsupportedAtRuntime(reason);
      };
      const found = await ask({ inject });
      assertEquals(found.rows, expected.rows, `${one.file}: ${one.name}: ${reason}`);
      assertStringIncludes(found.explain, `not over columns: ${reason}`);
      injected++;
    }
  }
  assert(injected > cases.length, `${injected} times`);
});

/** Of each operator's calls some, spread over all. */
function chosen(calls: readonly string[]): number[] {
  return [...new Set(calls)].flatMap((operator) => {
    const own = calls.flatMap((it, at) => it === operator ? [at] : []);
    const step = Math.max(1, (own.length - 1) / (CALLS - 1));
    const places = Array.from({ length: Math.min(own.length, CALLS) }, (_, at) => Math.round(at * step));
    return places.map((place) => own[place]);
  });
}
