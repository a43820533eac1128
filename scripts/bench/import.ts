// What importing costs, beside what the packages' own readers take to read the same files into memory; processor time, in turns.
// Needs the executable (DBX_BINARY, else dist/dbx) and the packages of tests/interop.
import { concat } from "../../lib/base/bytes.ts";
import { scalar, version, wandbFile, wandbHistory, wandbRun } from "../../tests/interop/encode.ts";
import { ADVICE, PYTHON } from "../../tests/interop/python_packages.ts";
import { binary, machine, median } from "./tools.ts";

const POINTS = 300_000;
const ROWS = 60_000;
const ROUNDS = 3;

if (PYTHON === undefined) {
  console.log(ADVICE);
  Deno.exit(1);
}
const root = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const folder = await Deno.makeTempDir({ prefix: "dbx-bench-" });
const events = [version(1700000000)];
for (let step = 0; step < POINTS; step++) {
  events.push(scalar("train/loss", step, 1700000000 + step / 10, Math.random()));
}
const rows = [wandbRun("abc")];
for (let step = 0; step < ROWS; step++) {
  rows.push(wandbHistory(step, { loss: String(Math.random()), acc: String(Math.random()), epoch: String(step) }));
}
const files = {
  tensorboard: `${folder}/tensorboard/events.out.tfevents.1700000000.host.1.0`,
  wandb: `${folder}/wandb/run-abc/run-abc.wandb`,
};
for (const [kind, bytes] of [["tensorboard", concat(events)], ["wandb", wandbFile(rows)]] as const) {
  await Deno.mkdir(files[kind].slice(0, files[kind].lastIndexOf("/")), { recursive: true });
  await Deno.writeFile(files[kind], bytes);
}

/** Seconds of processor time, and KiB of memory, that a program took with its children. */
async function costOf(words: readonly string[]): Promise<{ seconds: number; kib: number }> {
  const script =
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); " +
    "u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime, u.ru_maxrss)";
  const { stdout, success } = await new Deno.Command("python3", { args: ["-c", script, ...words], stderr: "inherit" })
    .output();
  if (!success) throw new Error(`${words.join(" ")} failed`);
  const [seconds, kib] = new TextDecoder().decode(stdout).trim().split(" ").map(Number);
  return { seconds, kib };
}

console.log(`${machine()}; ${POINTS} points of TensorBoard, ${ROWS} rows of W&B; seconds of processor time`);
for (const kind of ["tensorboard", "wandb"] as const) {
  const own: number[] = [];
  const theirs: number[] = [];
  let memory = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { seconds, kib } = await costOf([
      binary(),
      "import",
      kind,
      files[kind],
      "--repo",
      `${folder}/output-${kind}-${round}`,
    ]);
    own.push(seconds);
    memory = Math.max(memory, kib);
    const args = [
      `${root}scripts/bench/import.py`,
      kind,
      kind === "wandb" ? files.wandb : `${folder}/tensorboard`,
      `${root}tests/interop`,
    ];
    const { stdout, success } = await new Deno.Command(PYTHON, { args, stderr: "inherit" }).output();
    if (!success) Deno.exit(1);
    theirs.push(Number(new TextDecoder().decode(stdout).trim().split(" ").at(-1)));
  }
  const [dbx, python] = [median(own), median(theirs)];
  const ratio = (python / dbx).toFixed(1);
  console.log(
    `${kind.padEnd(12)} dbx import ${dbx.toFixed(2)} (start and writing included, ${Math.round(memory / 1024)} MiB)  ` +
      `the package's classes ${python.toFixed(2)}  ${ratio} times`,
  );
}
await Deno.remove(folder, { recursive: true });
