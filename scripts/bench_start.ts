// Start-up of the binary against an empty program compiled in the same way. Needs what `deno task compile` needs.
import { newId } from "../lib/base/ids.ts";
import { LocalStore } from "../lib/store/local.ts";
import { createExperiment, createRun } from "../lib/logger/create.ts";
import { Lifecycle } from "../lib/logger/lifecycle.ts";
import { initRepository } from "../lib/repo/open.ts";
import { binary, compareCommands, machine } from "./bench_tools.ts";

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
const times = await compareCommands({
  empty: [`${folder}/empty`],
  version: [binary(), "--version"],
  ls: [binary(), "ls", "--repo", `${folder}/r`],
}, 11);
console.log(`start-up, ${machine()}; medians of 11 turns`);
console.log(`  empty program  ${times.empty.toFixed(0)} ms`);
console.log(`  dbx --version  ${times.version.toFixed(0)} ms   ${(times.version / times.empty).toFixed(2)} times`);
console.log(`  dbx ls of 1,000 experiments  ${times.ls.toFixed(0)} ms   ${(times.ls / times.empty).toFixed(2)} times`);
await Deno.remove(folder, { recursive: true });
