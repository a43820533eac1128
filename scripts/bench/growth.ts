// How the cost of commands grows with the number of experiments. Each command runs in a process of its own, on
// repositories of 10 events a run.
//
//   deno run -A scripts/bench/growth.ts [--sizes 1000,10000,100000] [--rounds 5] [--dbx PATH] [--only WORD] [--json]
//     [--no-lives] [--sync]
//
// `--dbx`: a binary, or the cli.ts of another tree. `--only`: operations whose names hold this. `--keep FOLDER`: leaves the
// repositories there, and takes those that it finds. `--no-lives`: runs that do not say that they ended. `--sealed`: those that
// also say what their logs hold, as those of `dbx run` do. `--sync`: also a
// push to a copy that has everything, which has to be made first. The exponent is log(t2/t1)/log(N2/N1), of what a process takes above
// `dbx --version`; it is not shown where both times are within a few milliseconds of that.
import { parseArgs } from "@std/cli/parse-args";
import { machine, median } from "./tools.ts";
import { experimentId, makeGrowthRepository, runId } from "./growth_repository.ts";
import { type Measured, measureProcess } from "./growth_process.ts";
import { measureServer } from "./growth_server.ts";

const flags = parseArgs(Deno.args, {
  string: ["sizes", "rounds", "dbx", "only", "keep"],
  boolean: ["json", "no-lives", "sealed", "sync"],
  default: { sizes: "1000,10000", rounds: "5" },
}) as {
  sizes: string;
  rounds: string;
  dbx?: string;
  only?: string;
  keep?: string;
  json: boolean;
  "no-lives": boolean;
  sealed: boolean;
  sync: boolean;
};

const SHAPE = { events: 10, lives: !flags["no-lives"], seals: flags.sealed };
const sizes = flags.sizes.split(",").map(Number);
const rounds = Number(flags.rounds);
/** An operation that takes this long is not repeated. */
const LONG_MS = 8000;
/** Times that are this near to a start-up say nothing of growth. */
const FLOOR_MS = 15;

/** An operation: words of a command line, for the experiment and the run that it is about. */
type Operation = (exp: string, run: string) => readonly string[];

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "version": () => ["--version"],
  "index: first": () => ["index"],
  "index: nothing new": () => ["index"],
  "query: one curve": (exp) => ["query", `SELECT step, value FROM points WHERE exp = '${exp}' AND key = 'loss'`],
  "query: one curve by parameter": (exp) => [
    ...["query", "SELECT step, value FROM points WHERE exp = :e AND key = 'loss'", "--param", `e=${exp}`],
  ],
  "query: best run": () => ["query", "SELECT exp, run, min FROM metrics WHERE key = 'loss' ORDER BY min LIMIT 1"],
  "query: count of points": () => ["query", "SELECT count(*) FROM points"],
  "query: count of experiments": () => ["query", "SELECT count(*) FROM experiments"],
  "query: means by param": () => [
    "query",
    "SELECT e.params.lr AS lr, avg(m.last), count(*) FROM metrics m JOIN experiments e ON m.exp = e.id " +
    "WHERE m.key = 'loss' GROUP BY 1 ORDER BY 1",
  ],
  "query: means by step": () => [
    ...["query", "SELECT step, avg(value), min(value) FROM points WHERE key = 'loss' GROUP BY step ORDER BY step"],
  ],
  "query: one experiment": (exp) => ["query", `SELECT * FROM experiments WHERE id = '${exp}'`],
  "query: runs of one experiment": (exp) => ["query", `SELECT run, status FROM runs WHERE exp = '${exp}'`],
  "query: events of one run": (_, run) => ["query", `SELECT event, ts FROM events WHERE run = '${run}' LIMIT 5`],
  "query: newest experiments": () => ["query", "SELECT id, kind FROM experiments ORDER BY created_at DESC LIMIT 20"],
  "ls": () => ["ls"],
  "ls -n 20": () => ["ls", "-n", "20"],
  "ls --sort min:loss": () => ["ls", "--sort", "min:loss", "--cols", "id,min:loss", "-n", "20"],
  "ls --kind": () => ["ls", "--kind", "eval", "-n", "20"],
  "ls --status": () => ["ls", "--status", "failed", "-n", "20"],
  "show": (exp) => ["show", exp],
  "show by prefix": (exp) => ["show", exp.slice(0, 9)],
  "tail": (_, run) => ["tail", run],
  "tail of the newest": () => ["tail"],
  "log --exp": (exp) => ["log", "--exp", exp, "eval", "acc=0.5"],
  "rm": (exp) => ["rm", exp],
  "restore": (exp) => ["restore", exp],
  "index: one new run": () => ["index"],
  "series": (exp) => ["series", "loss", "--where", `id = '${exp}'`],
  "gc --dry-run": () => ["gc", "--dry-run"],
  "check": () => ["check"],
};

interface Row extends Measured {
  readonly operation: string;
  readonly experiments: number;
}

const words = commandOf(flags.dbx);
const rows: Row[] = [];
const folder = flags.keep ?? await Deno.makeTempDir({ prefix: "dbx-growth-" });
try {
  for (const experiments of sizes) {
    const path = `${folder}/${experiments}${flags["no-lives"] ? "-bare" : flags.sealed ? "-sealed" : ""}`;
    if (!exists(`${path}/dbx.json`)) makeGrowthRepository(path, { experiments, ...SHAPE });
    await measure(path, experiments);
    if (flags.keep === undefined) await Deno.remove(path, { recursive: true });
  }
} finally {
  if (flags.keep === undefined) await Deno.remove(folder, { recursive: true });
}
if (flags.json) console.log(JSON.stringify({ machine: machine(), rows }, null, 2));
else print();

async function measure(path: string, experiments: number): Promise<void> {
  const number = experiments >> 1;
  const [exp, run] = [experimentId(number), runId(number)];
  for (const [operation, make] of Object.entries(OPERATIONS)) {
    if (flags.only !== undefined && !operation.includes(flags.only) && operation !== "version") continue;
    const command = [...words, ...make(exp, run), "--repo", path];
    if (operation === "version") command.splice(-2);
    const all: Measured[] = [];
    while (all.length < (operation.includes("first") || operation.includes("one new") ? 1 : rounds)) {
      if (operation === "index: first") await Deno.remove(`${path}/.dbx/index`, { recursive: true }).catch(() => {});
      all.push(await measureProcess(command));
      if (all.at(-1)!.ms > LONG_MS) break;
    }
    add(operation, experiments, all);
  }
  if (flags.sync) {
    const peer = `${path}-peer`;
    if (!exists(`${peer}/dbx.json`)) makeGrowthRepository(peer, { experiments, ...SHAPE });
    for (const operation of ["push: first look", "push: up to date"]) {
      add(operation, experiments, [await measureProcess([...words, "push", peer, "--repo", path])]);
    }
    if (flags.keep === undefined) await Deno.remove(peer, { recursive: true });
  }
  if (flags.only !== undefined && !"server".includes(flags.only)) return;
  const server = await measureServer([...words, "serve", "--quiet", "--repo", path], exp, rounds);
  for (const [operation, measured] of Object.entries(server)) add(operation, experiments, [measured]);
}

function add(operation: string, experiments: number, all: readonly Measured[]): void {
  const row = {
    operation,
    experiments,
    ms: median(all.map(({ ms }) => ms)),
    cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
    peakMb: median(all.map(({ peakMb }) => peakMb)),
    code: Math.max(...all.map(({ code }) => code)),
  };
  rows.push(row);
  const wrong = row.code === 0 ? "" : `  exit code ${row.code}`;
  console.error(
    `  ${experiments}  ${operation}: ${row.ms.toFixed(0)} ms, cpu ${row.cpuMs.toFixed(0)} ms, ${
      row.peakMb.toFixed(0)
    } MB${wrong}`,
  );
}

function print(): void {
  console.log(`growth, ${machine()}; medians of ${rounds}: milliseconds, those of processors, and peak MB`);
  const heads = sizes.flatMap((size) => [`${size}`, "cpu", "MB"]);
  console.log(["operation".padEnd(32), ...heads.map((head) => head.padStart(9)), "exponents".padStart(12)].join(""));
  for (const operation of new Set(rows.map((row) => row.operation))) {
    const own = sizes.map((size) => rows.find((row) => row.operation === operation && row.experiments === size));
    const cells = own.flatMap((row) =>
      row === undefined ? ["", "", ""] : [row.ms.toFixed(0), row.cpuMs.toFixed(0), row.peakMb.toFixed(0)]
    );
    console.log([operation.padEnd(32), ...cells.map((cell) => cell.padStart(9)), exponents(own).padStart(12)].join(""));
  }
}

function exponents(own: readonly (Row | undefined)[]): string {
  const found: string[] = [];
  for (let at = 1; at < own.length; at++) {
    const [a, b] = [own[at - 1], own[at]];
    if (a === undefined || b === undefined) continue;
    const [before, after] = [a, b].map(({ ms, experiments, operation }) => ms - startOf(experiments, operation));
    if (after < FLOOR_MS) found.push("-");
    else {
      const growth = Math.log(after / Math.max(before, FLOOR_MS)) / Math.log(b.experiments / a.experiments);
      found.push(growth.toFixed(2));
    }
  }
  return found.join(" ");
}

/** What a process takes that does nothing. */
function startOf(experiments: number, operation: string): number {
  if (operation.startsWith("server")) return 0;
  return rows.find((row) => row.operation === "version" && row.experiments === experiments)?.ms ?? 0;
}

function commandOf(dbx = decodeURIComponent(new URL("../../cli.ts", import.meta.url).pathname)): string[] {
  return dbx.endsWith(".ts") ? [Deno.execPath(), "run", "-A", "--no-prompt", dbx] : [dbx];
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
