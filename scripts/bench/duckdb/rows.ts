// A million rows of a query, brought into JavaScript and written as text: dbx in this process, DuckDB's node API over a table of
// its own, and the command line. Each is timed in processes of its own, whose greatest memory is printed too.
// @ts-ignore -- mapped by the deno.json beside this file: 64 MB that running from source does not need
import { DuckDBInstance } from "@duckdb/node-api";
import { parseArgs } from "@std/cli/parse-args";
import { LocalRepository } from "../../../lib/client/local_repository.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { makeRuns, schemaOf } from "../questions_data.ts";
import { binary, machine, median } from "../tools.ts";

const SQL = "SELECT run, step, value FROM points WHERE key = 'loss'";
const flags = parseArgs(Deno.args, { boolean: ["small"], string: ["rounds"], "--": true });

/** One way to take the rows; gives how many there were. */
type Way = () => Promise<number>;

async function ourRepository(repo: string): Promise<LocalRepository> {
  const store = new LocalStore(repo);
  const { version, id } = await openReader(store);
  return new LocalRepository(store, version, id, `${repo}/.dbx/index`);
}

async function duckdb(repo: string): Promise<(sql: string) => ReturnType<typeof duck.runAndReadAll>> {
  const instance = await DuckDBInstance.create(`${repo}/../duck.db`, { threads: "2" });
  const duck = await instance.connect();
  return (sql) => duck.runAndReadAll(sql);
}

/** Each opens what it needs first, which is not timed. */
const WAYS: Readonly<Record<string, (repo: string) => Promise<Way>>> = {
  "all rows": async (repo) => {
    const opened = await ourRepository(repo);
    return async () => {
      using answer = await opened.query(SQL);
      return (await Array.fromAsync(answer)).length;
    };
  },
  "row by row": async (repo) => {
    const opened = await ourRepository(repo);
    return async () => {
      using answer = await opened.query(SQL);
      let count = 0;
      for await (const row of answer) count += row.length / 3;
      return count;
    };
  },
  "arrays of rows": async (repo) => {
    const opened = await ourRepository(repo);
    return async () => {
      using answer = await opened.query(SQL);
      let count = 0;
      for await (const rows of answer.chunks()) count += rows.length;
      return count;
    };
  },
  "typed columns": async (repo) => {
    const opened = await ourRepository(repo);
    return async () => (await opened.columns(SQL)).value.length;
  },
  "DuckDB, getRows": async (repo) => {
    const ask = await duckdb(repo);
    return async () => (await ask(SQL)).getRows().length;
  },
  "DuckDB, getColumns": async (repo) => {
    const ask = await duckdb(repo);
    return async () => (await ask(SQL)).getColumns()[0].length;
  },
};

/** The greatest memory of this process so far, in MB. */
function peak(): number {
  return Number(/VmHWM:\s*(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))![1]) / 1024;
}

if (flags["--"]!.length > 0) {
  const [repo, what, rounds] = flags["--"]!;
  const way = await WAYS[what](repo);
  const times: number[] = [];
  const before = peak();
  let count = 0;
  let first = 0;
  for (let round = 0; round < Number(rounds) + 2; round++) {
    const from = performance.now();
    count = await way();
    times.push(performance.now() - from);
    if (round === 0) first = peak();
  }
  console.log(JSON.stringify({ count, first: times[0], warm: median(times.slice(2)), before, peak: first }));
  Deno.exit(0);
}

const ROUNDS = Number(flags.rounds ?? 5);
const shape = { runs: 200, steps: flags.small ? 500 : 5000 };
const folder = await Deno.makeTempDir({ prefix: "dbx-bench-" });
const repo = `${folder}/repo`;
makeRuns(repo, shape);
{
  const instance = await DuckDBInstance.create(`${folder}/duck.db`, { threads: "2" });
  const duck = await instance.connect();
  for (const sql of schemaOf(repo, "TABLE").slice(0, 2)) await duck.run(sql);
  duck.closeSync();
  instance.closeSync();
  using answer = await (await ourRepository(repo)).query("SELECT count(*) FROM points");
  await Array.fromAsync(answer);
}
console.log(`${shape.runs * shape.steps} rows of 3 columns, ${machine()}; medians of ${ROUNDS}, in turns\n`);
console.log("| what | first | warm | peak memory |\n| --- | ---: | ---: | ---: |");
for (const what of Object.keys(WAYS)) {
  const args = ["run", "--no-check", "-A", import.meta.filename!, "--", repo, what, String(ROUNDS)];
  const { stdout, success } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  if (!success) throw new Error(what);
  const { count, first, warm, before, peak } = JSON.parse(new TextDecoder().decode(stdout));
  if (count !== shape.runs * shape.steps) throw new Error(`${what}: ${count} rows`);
  const memory = `${peak.toFixed(0)} MB (${before.toFixed(0)} before)`;
  console.log(`| ${what} | ${first.toFixed(0)} ms | ${warm.toFixed(0)} ms | ${memory} |`);
}

/** The command line: with the binary where there is one. */
const isCompiled = await Deno.stat(binary()).then(() => true, () => false);
const words = isCompiled
  ? [binary()]
  : [Deno.execPath(), "run", "--no-check", "-A", `${import.meta.dirname}/../../../cli.ts`];
for (const format of ["csv", "jsonl", "table"]) {
  const times: number[] = [];
  let most = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    const args = [...words.slice(1), "query", "--repo", repo, "--format", format, SQL];
    const child = new Deno.Command(words[0], { args, stdout: "piped", stderr: "null" }).spawn();
    let bytes = 0;
    for await (const piece of child.stdout) {
      bytes += piece.length;
      try {
        most = Math.max(
          most,
          Number(/VmHWM:\s*(\d+)/.exec(Deno.readTextFileSync(`/proc/${child.pid}/status`))![1]) / 1024,
        );
      } catch {
        // It has ended.
      }
    }
    if (!(await child.status).success) throw new Error(format);
    times.push(performance.now() - from);
  }
  console.log(
    `| ${isCompiled ? "dbx" : "cli.ts"} query --format ${format} | | ${median(times).toFixed(0)} ms | ${
      most.toFixed(0)
    } MB |`,
  );
}
await Deno.remove(folder, { recursive: true });
