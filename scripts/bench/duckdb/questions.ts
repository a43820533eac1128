// Some 100 questions that people ask of their runs, against DuckDB with two threads: over tables of its own, and with --raw over
// the raw files by read_json. Prints ratios of medians, warm, in turns, and their geometric mean. `--small` makes a tenth
// of the data, `--only WORDS` asks only those whose name holds the words, `--explain` says what ran them.
// @ts-ignore -- mapped by the deno.json beside this file: 64 MB that running from source does not need
import { DuckDBInstance } from "@duckdb/node-api";
import { parseArgs } from "@std/cli/parse-args";
import { openSource } from "../../../lib/query/snapshot/source.ts";
import { query } from "../../../lib/query/query.ts";
import { makeRuns, schemaOf } from "../questions_data.ts";
import { difference } from "./questions_compare.ts";
import { QUESTIONS } from "./questions_list.ts";
import { machine, median } from "../tools.ts";

const flags = parseArgs(Deno.args, { boolean: ["small", "raw", "explain"], string: ["only", "rounds"] });
const ROUNDS = Number(flags.rounds ?? 5);
const shape = { runs: 200, steps: flags.small ? 500 : 5000 };

const folder = await Deno.makeTempDir({ prefix: "dbx-bench-" });
const repo = `${folder}/repo`;
makeRuns(repo, shape);
console.log(
  `${QUESTIONS.length} questions, ${machine()}; ${shape.runs} runs of ${shape.steps} events; medians of ${ROUNDS}`,
);
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const duck = await instance.connect();
const ask = async (sql: string) => (await duck.runAndReadAll(sql)).getRows();
await ask("CREATE SCHEMA raw");
for (const sql of schemaOf(repo, "TABLE")) await ask(sql);
if (flags.raw) {
  await ask("SET schema = 'raw'");
  for (const sql of schemaOf(repo, "VIEW")) await ask(sql);
  await ask("SET schema = 'main'");
}
const source = await openSource(repo, { folder: `${repo}/.dbx/index` });
const run = async (sql: string) => {
  using answer = await query([source], sql);
  const rows = await Array.fromAsync(answer);
  return { rows, explain: answer.explain() };
};
const timeOf = async (f: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await f();
  return performance.now() - from;
};

const wanted = String(flags.only ?? "").toLowerCase();
const table: string[] = [];
const ratios: { readonly ratio: number; readonly tuned: boolean }[] = [];
const rawRatios: number[] = [];
for (const { what, sql, duckdb = sql, tuned } of QUESTIONS.filter(({ what }) => what.toLowerCase().includes(wanted))) {
  const [ours, theirs]: [number[], number[]] = [[], []];
  let said = "";
  try {
    const found = await run(sql);
    said = /executor: (\w+)/.exec(found.explain)?.[1] ?? "";
    const expected = await ask(duckdb);
    said += difference(sql, found.rows, expected);
    if (flags.explain) console.log(found.explain);
    // As many rounds as they are worth: what takes seconds is plain after one.
    for (let round = 0; round < ROUNDS + 3; round++) {
      const pair = [await timeOf(() => run(sql)), await timeOf(() => ask(duckdb))];
      if (round >= 3 || pair[0] > 2000) [ours, theirs].forEach((times, at) => times.push(pair[at]));
      if (pair[0] > 2000) break;
    }
  } catch (error) {
    console.log(`  ${what}: ${(error as Error).message.split("\n")[0]}`);
    continue;
  }
  const ratio = median(ours) / median(theirs);
  ratios.push({ ratio, tuned: tuned === true });
  let raw = "";
  if (flags.raw) {
    await ask("SET schema = 'raw'");
    const time = await timeOf(() => ask(duckdb));
    await ask("SET schema = 'main'");
    rawRatios.push(median(ours) / time);
    raw = ` ${(median(ours) / time).toFixed(2)} |`;
  }
  const line = `| ${what} | ${median(ours).toFixed(1)} ms | ${median(theirs).toFixed(1)} ms | ${
    ratio.toFixed(2)
  } |${raw} ${said} | ${tuned ? "tuned" : ""} |`;
  table.push(line);
  console.log(line);
}
const mean = (list: readonly number[]) => Math.exp(list.reduce((sum, it) => sum + Math.log(it), 0) / list.length);
for (const [what, group] of [["tuned", true], ["not tuned", false]] as const) {
  const own = ratios.filter(({ tuned }) => tuned === group).map(({ ratio }) => ratio);
  if (own.length === 0) continue;
  const above = own.filter((ratio) => ratio > 1).length;
  console.log(
    `${what}: ${own.length}, geometric mean ${mean(own).toFixed(2)}, greatest ${
      Math.max(...own).toFixed(1)
    }, ${above} above 1`,
  );
}
if (flags.raw) {
  console.log(
    `against read_json: geometric mean ${mean(rawRatios).toFixed(3)}, greatest ${Math.max(...rawRatios).toFixed(2)}`,
  );
}
await Deno.remove(folder, { recursive: true });
