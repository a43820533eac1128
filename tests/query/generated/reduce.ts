// Makes a random query that fails smaller: deno run -A tests/query/generated/reduce.ts SEED "SELECT …"
import { useDatabase } from "../../../lib/query/sqlite/engine/open_database.ts";
import { loadSqlite } from "../../../lib/query/sqlite/engine/wasm_database.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import { printQuery } from "../../../lib/query/sql/print.ts";
import type { Query } from "../../../lib/query/sql/tree.ts";
import { scratch } from "../../e2e/dbx.ts";
import { difference } from "./compare.ts";
import { foundOf, openRandom } from "./check.ts";
import { expectedOf, fillPlainTables } from "./oracle.ts";
import { PARAMETERS } from "./expressions.ts";
import { TABLES } from "./tables.ts";

const [seed, asked] = Deno.args;
const EXECUTORS = ["columns", "sqlite", "WebAssembly"] as const;
const parts = new Set(Object.values(TABLES).flatMap((columns) => columns.map(({ name }) => name as string)));
const limit = { until: Infinity };
const open = await loadSqlite({ memory: 2 ** 29, length: 2 ** 26 }, () => performance.now() < limit.until);
await using folder = await scratch();
const { view } = await openRandom(Number(seed), folder.path);
using db = open();
await fillPlainTables(db, view);

/** Over plain tables, parts of JSON are columns of long names. */
function plainOf(query: Query): string {
  return printQuery(query, {
    name: (node) => {
      const texts = node.parts.map(({ text }) => text);
      for (const from of [0, 1]) {
        const whole = texts.slice(from).join(".");
        if (texts.length > from + 1 && parts.has(whole)) return [...texts.slice(0, from), `"${whole}"`].join(".");
      }
      return undefined;
    },
  });
}

async function differs(query: Query): Promise<string | undefined> {
  const asked = printQuery(query);
  const names = Object.keys(PARAMETERS).filter((name) => new RegExp(`[:@$]${name}`).test(asked));
  const parameters = Object.fromEntries(names.map((name) => [name, PARAMETERS[name as keyof typeof PARAMETERS]]));
  const isOrdered = query.orderBy.length > 0;
  const generated = { asked, plain: plainOf(query), isOrdered, parameters };
  limit.until = performance.now() + 500;
  const expected = expectedOf(db, generated);
  limit.until = Infinity;
  if (expected === "interrupted") return undefined;
  for (const executor of EXECUTORS) {
    const found = await foundOf(view, generated, executor, open);
    const how = found === undefined ? undefined : difference(expected, found, isOrdered);
    if (how !== undefined) return `${executor}\n${how}`;
  }
  return undefined;
}

type Node = Record<string, unknown>;

/** All trees that are a step smaller. */
function* smaller(node: unknown): Generator<unknown> {
  if (Array.isArray(node)) {
    for (let at = 0; at < node.length; at++) {
      yield node.toSpliced(at, 1);
      for (const one of smaller(node[at])) yield node.with(at, one);
    }
    return;
  }
  if (node === null || typeof node !== "object" || node instanceof Uint8Array) return;
  const it = node as Node;
  for (const child of childrenOf(it)) yield child;
  if (typeof it.kind === "string" && EXPRESSIONS.has(it.kind)) {
    if (it.kind !== "literal") {
      for (const value of [null, 1n, "a"]) yield { kind: "literal", value, start: 0, end: 0 };
    } else if (it.value !== null && it.value !== 1n) yield { ...it, value: 1n };
  }
  for (const key of OPTIONAL) {
    if (it[key] !== undefined && it[key] !== false) {
      yield { ...it, [key]: typeof it[key] === "boolean" ? false : undefined };
    }
  }
  if (it.kind === "join" && it.join !== "inner") yield { ...it, join: "inner" };
  for (const [key, value] of Object.entries(it)) {
    if (value !== null && typeof value === "object") { for (const one of smaller(value)) yield { ...it, [key]: one }; }
  }
}

const EXPRESSIONS = new Set(
  "literal parameter name unary binary is between in like collate cast case call exists subquery row".split(" "),
);
const OPTIONAL =
  "with where having distinct limit offset filter over frame operand otherwise alias on not natural exclude escape"
    .split(" ");

/** What may stand in the place of a node: its parts of the same sort. */
function* childrenOf(it: Node): Generator<unknown> {
  if (typeof it.kind !== "string") return;
  if (EXPRESSIONS.has(it.kind)) {
    for (const value of Object.values(it)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== null && typeof one === "object" && EXPRESSIONS.has((one as Node).kind as string)) yield one;
        if (one !== null && typeof one === "object" && "then" in one) {
          yield (one as Node).then;
          yield (one as Node).when;
        }
      }
    }
  }
  if (it.kind === "join") {
    yield it.left;
    yield it.right;
  }
  if (it.kind === "query" && "rest" in it && (it.rest as Node[]).length > 0) {
    for (const { core } of it.rest as { core: unknown }[]) yield { ...it, first: core, rest: [] };
  }
  if (it.kind === "query" && "rest" in it) {
    for (const table of (it.with as { tables: { query: unknown }[] } | undefined)?.tables ?? []) yield table.query;
    const from = (it.first as Node).from as Node | undefined;
    if (from?.kind === "fromQuery") yield from.query;
  }
}

/** Of what sort a difference is: in rows, or the words of an error. */
function sort(how: string): string {
  const [, expected] = /expected \d+ rows, from \d+\n(.*)/.exec(how) ?? [];
  const [, found] = /found \d+ rows\n(.*)/.exec(how) ?? [];
  return [expected, found].map((row) => /^ +([A-Z][a-z]+[^"]*|[a-z][a-z].*)/.exec(row ?? "")?.[1] ?? "rows").join();
}

let best = parseQuery(asked);
let how = await differs(best);
if (how === undefined) console.log("The query does not fail.");
const length = (query: Query) => printQuery(query).length;
for (let goesOn = how !== undefined; goesOn;) {
  goesOn = false;
  for (const candidate of smaller(best)) {
    try {
      if (length(candidate as Query) >= length(best)) continue;
      const one = parseQuery(printQuery(candidate as Query));
      const found = await differs(one);
      if (found === undefined) continue;
      if (sort(found) !== sort(how!)) continue;
      [best, how, goesOn] = [one, found, true];
      break;
    } catch {
      continue;
    }
  }
}
console.log(printQuery(best));
console.log(plainOf(best));
console.log(how);
useDatabase(undefined);
