// Some 60 questions that people ask of their runs, against DuckDB with two threads: over tables of its own, and with --raw over
// the raw files by read_json. Prints ratios of medians, warm, in turns, and their geometric mean. `--small` makes a tenth
// of the data, `--only WORDS` asks only those whose name holds the words, `--explain` says what ran them.
import { DuckDBInstance } from "@duckdb/node-api";
import { parseArgs } from "@std/cli/parse-args";
import { openSource } from "../lib/query/snapshot/source.ts";
import { query } from "../lib/query/query.ts";
import { QUESTIONS } from "./bench_questions_list.ts";
import { machine, median } from "./bench_tools.ts";

const flags = parseArgs(Deno.args, { boolean: ["small", "raw", "explain"], string: ["only", "rounds"] });
const ROUNDS = Number(flags.rounds ?? 5);
const [RUNS, STEPS] = [200, flags.small ? 500 : 5000];

/** Runs that log three numbers, a text and a number deeper in the data at each step. */
function make(path: string): void {
  const json = (value: unknown) => JSON.stringify(value) + "\n";
  Deno.mkdirSync(path, { recursive: true });
  Deno.writeTextFileSync(`${path}/dbx.json`, json({ dbx: 1, id: "benchbenchben", createdAt: 1.7e12 }));
  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
  for (let e = 0; e < RUNS; e++) {
    const [exp, run] = ["e", "r"].map((head) => head + String(e).padStart(12, "0"));
    const folder = `${path}/${exp}/runs/${run}`;
    Deno.mkdirSync(folder, { recursive: true });
    const createdAt = 1.7e12 + e * 1000;
    const params = { lr: 10 ** -(1 + e % 5), seed: e % 40, model: ["small", "large"][e % 2] };
    Deno.writeTextFileSync(`${path}/${exp}/meta.json`, json({ id: exp, kind: "train", name: "", params, createdAt }));
    const hostname = `gpu-${e % 4}`;
    Deno.writeTextFileSync(`${folder}/meta.json`, json({ id: run, createdAt, cmd: ["train"], hostname }));
    const lines: string[] = [];
    let loss = 2 + random();
    for (let s = 0; s < STEPS; s++) {
      loss *= 1 - 1 / STEPS;
      const data = {
        loss: loss + random() / 10,
        acc: 1 - loss / 4 + random() / 100,
        grad_norm: random() * 10,
        phase: ["warm-up", "main", "decay"][Math.floor(3 * s / STEPS)],
        x: { y: Math.floor(random() * 5) },
      };
      lines.push(
        JSON.stringify({ event: `train/step/${s}`, ts: createdAt + s * 50 + Math.floor(random() * 20), ...data }),
      );
    }
    Deno.writeTextFileSync(`${folder}/log.jsonl`, lines.join("\n") + "\n");
  }
  const old = new Date(Date.now() - 60_000);
  for (const entry of Deno.readDirSync(path)) if (entry.isDirectory) Deno.utimeSync(`${path}/${entry.name}`, old, old);
}

/** The tables as DuckDB has them: `kind` is TABLE, or VIEW over the raw files. */
function schemaOf(repo: string, kind: "TABLE" | "VIEW"): string[] {
  const log = `read_json('${repo}/*/runs/*/log.jsonl', format = 'newline_delimited', filename = true)`;
  const id = (letter: string) => `regexp_extract(filename, '${letter}[0-9]{12}')`;
  return [
    `CREATE ${kind} events AS SELECT ${id("e")} AS exp, ${id("r")} AS run, event, ts,
     row_number() OVER (PARTITION BY filename) AS line,
     {loss: loss, acc: acc, grad_norm: grad_norm, phase: phase, x: x} AS data FROM ${log}`,
    `CREATE ${kind} points AS ${
      ["loss", "acc", "grad_norm"].map((key) =>
        `SELECT exp, run, '${key}' AS key, line - 1 AS idx, regexp_extract(event, '[0-9]+$')::DOUBLE AS step, ts,
         data.${key} AS value FROM events`
      ).join(" UNION ALL ")
    }`,
    `CREATE ${kind} experiments AS SELECT id AS exp, kind, name, createdAt AS created_at, params
     FROM read_json('${repo}/*/meta.json')`,
    `CREATE ${kind} runs AS SELECT ${id("e")} AS exp, id AS run, createdAt AS created_at, hostname
     FROM read_json('${repo}/*/runs/*/meta.json', filename = true)`,
    `CREATE ${kind} metrics AS SELECT exp, run, key, count(*) AS count, min(value) AS min, max(value) AS max, avg(value) AS mean,
     first(value ORDER BY idx) AS first, last(value ORDER BY idx) AS last, arg_min(step, value) AS min_step
     FROM points GROUP BY exp, run, key`,
  ];
}

const folder = await Deno.makeTempDir({ prefix: "dbx-bench-" });
const repo = `${folder}/repo`;
make(repo);
console.log(`${QUESTIONS.length} questions, ${machine()}; ${RUNS} runs of ${STEPS} events; medians of ${ROUNDS}`);
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
const ratios: number[] = [];
const rawRatios: number[] = [];
for (const { what, sql, duckdb = sql, tuned } of QUESTIONS.filter(({ what }) => what.toLowerCase().includes(wanted))) {
  const [ours, theirs]: [number[], number[]] = [[], []];
  let said = "";
  try {
    const found = await run(sql);
    said = /executor: (\w+)/.exec(found.explain)?.[1] ?? "";
    const expected = await ask(duckdb);
    if (found.rows.length !== expected.length) said += `, ${found.rows.length} rows for ${expected.length}`;
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
  ratios.push(ratio);
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
console.log(`\ngeometric mean ${mean(ratios).toFixed(2)}, greatest ${Math.max(...ratios).toFixed(1)}`);
if (flags.raw) {
  console.log(
    `against read_json: geometric mean ${mean(rawRatios).toFixed(3)}, greatest ${Math.max(...rawRatios).toFixed(2)}`,
  );
}
await Deno.remove(folder, { recursive: true });
