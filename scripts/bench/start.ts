// The binary, each command in a process of its own, against an empty program compiled in the same way, and against
// `dbx --version`. Needs what `deno task compile` needs. `--rounds N`.
import { parseArgs } from "@std/cli/parse-args";
import { newId } from "../../lib/base/ids.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { createExperiment, createRun } from "../../lib/logger/create.ts";
import { Lifecycle } from "../../lib/logger/lifecycle.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { makeRuns } from "./questions_data.ts";
import { binary, compareCommands, machine } from "./tools.ts";

const ROUNDS = Number(parseArgs(Deno.args, { string: ["rounds"] }).rounds ?? 11);
const folder = await Deno.makeTempDir();
await Deno.writeTextFile(`${folder}/empty.ts`, "");
const compile = [
  "compile",
  "--quiet",
  "--no-check",
  "--no-config",
  "--output",
  `${folder}/empty`,
  `${folder}/empty.ts`,
];
const deno = Deno.env.get("DENO") ?? Deno.execPath();
const { success } = await new Deno.Command(deno, { args: compile }).spawn().status;
if (!success) Deno.exit(1);

await initRepository(`${folder}/r`);
const store = new LocalStore(`${folder}/r`);
for (let i = 0; i < 1000; i++) {
  const made = await createExperiment(store, { kind: "k", params: { lr: i / 1000, seed: i % 5 }, id: newId() });
  const run = await createRun(store, made.folder, { cmd: ["train"], hostname: "h" });
  await new Lifecycle(store.path(`${run.folder}/dbx.log.jsonl`), { pid: 1 }).end({ status: "finished" }, {
    events: 0,
    reasons: [],
  });
}
const [middle, large] = [`${folder}/middle`, `${folder}/large`];
makeRuns(middle, { runs: 200, steps: 5000 });
makeRuns(large, { runs: 200, steps: 10_000 });
for (const repo of [middle, large]) {
  const { success } = await new Deno.Command(binary(), { args: ["index", "--repo", repo], stdout: "null" }).spawn()
    .status;
  if (!success) Deno.exit(1);
}

const query = (repo: string, sql: string) => [binary(), "query", "--repo", repo, sql];
const LOSS = "FROM points WHERE key = 'loss'";
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  "an empty program": [`${folder}/empty`],
  "dbx --version": [binary(), "--version"],
  "dbx ls of 1,000 experiments": [binary(), "ls", "--repo", `${folder}/r`],
  "dbx ls -n 20 of these": [binary(), "ls", "-n", "20", "--repo", `${folder}/r`],
  "dbx query 'SELECT 1'": query(middle, "SELECT 1"),
  "aggregates by run, 200 runs of 5,000 events": query(
    middle,
    `SELECT run, min(value), max(value), avg(value), count(*) ${LOSS} GROUP BY run`,
  ),
  "a mean by params.lr": query(
    middle,
    "SELECT params.lr, avg(value) FROM points JOIN experiments USING (exp) WHERE key = 'loss' GROUP BY 1",
  ),
  "statistics at each of 10,000 steps, 200 runs": query(
    large,
    `SELECT step, avg(value), stddev(value), min(value), max(value), count(*) ${LOSS} GROUP BY step`,
  ),
};
const times = await compareCommands(COMMANDS, ROUNDS);
console.log(`${machine()}; medians of ${ROUNDS} turns, not the first\n`);
console.log("| what | ms | times an empty program | times --version |\n| --- | ---: | ---: | ---: |");
for (const [what, time] of Object.entries(times)) {
  const [empty, version] = [times["an empty program"], times["dbx --version"]];
  console.log(`| ${what} | ${time.toFixed(0)} | ${(time / empty).toFixed(2)} | ${(time / version).toFixed(2)} |`);
}
await Deno.remove(folder, { recursive: true });
