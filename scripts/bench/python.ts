// What a call of the Python client costs, beside json.dumps and a write, and beside wandb and mlflow where DBX_BENCH_PYTHON has them:
//   python3 -m venv DIR && DIR/bin/pip install wandb==0.31.0 mlflow==3.17.2
//   DBX_BENCH_PYTHON=DIR/bin/python deno run -A scripts/bench/python.ts
import { machine } from "./tools.ts";

const root = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const { success, stdout } = await new Deno.Command(Deno.env.get("DBX_BENCH_PYTHON") ?? "python3", {
  args: [`${root}scripts/bench/python.py`],
  env: { PYTHONPATH: `${root}lib/python/dbxlogger` },
  stderr: "inherit",
}).output();
if (!success) Deno.exit(1);
const line = new TextDecoder().decode(stdout).trim().split("\n").at(-1)!;
const { python, folder, medians } = JSON.parse(line) as {
  python: string;
  folder: string;
  medians: Record<string, [clock: number, processor: number]>;
};
await Deno.remove(folder, { recursive: true });
console.log(`${machine()}, Python ${python}; microseconds a call, and beside json.dumps and write`);
const [, plain] = Object.values(medians)[0];
for (const [name, [clock, processor]] of Object.entries(medians)) {
  const columns = [clock.toFixed(1), processor.toFixed(1), (processor / plain).toFixed(2)];
  console.log(`${name.padEnd(32)} clock ${columns[0]}  processor ${columns[1]}  ${columns[2]} times`);
}
