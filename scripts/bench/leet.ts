// `dbx top` against W&B's terminal viewer, LEET, on the same data: a million points that one program logged to both. Each is
// opened on a terminal (tmux) until all points are drawn; then dbx turns pages of charts at three widths. Needs tmux, the
// binary, and a Python with wandb: `--python PATH`. `--points N`, `--rounds N`.
import { parseArgs } from "@std/cli/parse-args";
import { binary, machine, median } from "./tools.ts";

const { python, points: wanted, rounds: turns } = parseArgs(Deno.args, { string: ["python", "points", "rounds"] });
if (python === undefined) {
  console.error("usage: leet.ts --python PATH_OF_A_PYTHON_WITH_WANDB [--points N] [--rounds N]");
  Deno.exit(2);
}
const KEYS = 20;
const STEPS = Math.ceil(Number(wanted ?? 1_000_000) / KEYS);
const ROUNDS = Number(turns ?? 3);

const LOG = `
import json, math, os, sys
import wandb
steps, keys = int(sys.argv[1]), int(sys.argv[2])
run = wandb.init(project="bench", mode="offline", settings=wandb.Settings(x_disable_stats=True, console="off"))
with open(os.environ["DBX_LOG"], "a") as log:
    for step in range(steps):
        data = {f"m{key}": math.exp(-step / steps * (key + 1)) + 0.01 * math.sin(step * (key + 1)) for key in range(keys)}
        run.log(data)
        log.write(json.dumps({"event": f"step/{step}", **data}) + "\\n")
run.finish()
`;

const folder = await Deno.makeTempDir();
const env = {
  HOME: folder,
  WANDB_SILENT: "true",
  WANDB_DIR: folder,
  LC_ALL: "C.UTF-8",
  PATH: Deno.env.get("PATH") ?? "",
};

async function output(words: readonly string[]): Promise<string> {
  const options = { args: words.slice(1), env, cwd: folder, stdin: "null" } as const;
  const { success, stdout, stderr } = await new Deno.Command(words[0], options).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`failed: ${words.join(" ")}: ${error}`);
  return out;
}

const tmux = (...words: string[]) => output(["tmux", "-S", `${folder}/socket`, "-f", `${folder}/config`, ...words]);
const screen = () => tmux("capture-pane", "-p");

/** Milliseconds until the screen is as it should be. */
async function until(isSo: (screen: string) => boolean, mostMs = 300_000): Promise<number> {
  const from = performance.now();
  while (!isSo(await screen())) {
    if (performance.now() - from > mostMs) throw new Error(`waited in vain:\n${await screen()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - from;
}

interface Viewer {
  readonly words: readonly string[];
  /** Whether all points are drawn. */
  readonly isReady: (screen: string) => boolean;
}

/** The charts of a screen: a row with braille, of which some are not blank. */
const hasCurves = (text: string) => (text.match(/[\u2801-\u28ff]/g)?.length ?? 0) > 40;
const [, shown] = [0, STEPS - 1].map((step) => Math.exp(-step / STEPS) + 0.01 * Math.sin(step));

/** Starts a viewer at a size; returns the milliseconds until it has drawn everything. */
async function open({ words, isReady }: Viewer, columns: number, rows: number): Promise<number> {
  const from = performance.now();
  const line = words.map((word) => `'${word}'`).join(" ");
  await tmux("new-session", "-d", "-x", `${columns}`, "-y", `${rows}`, line);
  await until(isReady);
  return performance.now() - from;
}

/** Ends what `open` started; the next server would find this one still ending. */
async function close(): Promise<void> {
  await tmux("kill-server").catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 500));
}

/** Milliseconds from a key that turns a page to another screen. */
async function turn(): Promise<number> {
  await tmux("send-keys", "2");
  await new Promise((resolve) => setTimeout(resolve, 500));
  const times: number[] = [];
  for (let at = 0; at < 8; at++) {
    const shown = charts(await screen());
    const from = performance.now();
    await tmux("send-keys", at % 2 === 0 ? "]" : "[");
    await until((text) => charts(text) !== shown, 5000);
    times.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return median(times);
}

/** What of a screen changes with the page alone: not ages, which go on. */
function charts(text: string): string {
  return text.replace(/[^\u2800-\u28ff\n]/g, "");
}

try {
  await Deno.writeTextFile(
    `${folder}/config`,
    "set -g default-terminal screen-256color\nset -g status off\nset -g escape-time 0\n",
  );
  await Deno.writeTextFile(`${folder}/log.py`, LOG);
  await output([
    binary(),
    "run",
    "--repo",
    `${folder}/r`,
    "--quiet",
    "--",
    python,
    `${folder}/log.py`,
    `${STEPS}`,
    `${KEYS}`,
  ]);
  const [run] = [...Deno.readDirSync(`${folder}/wandb`)].filter(({ name }) => name.startsWith("offline-run-"));
  const dbx: Viewer = {
    words: [binary(), "top", "--repo", `${folder}/r`],
    isReady: (text) =>
      hasCurves(text) && text.includes(String(Number(shown.toPrecision(6)))) && !text.includes("reading…"),
  };
  const leet: Viewer = {
    words: [`${python.replace(/\/[^/]+$/, "")}/wandb`, "leet", "run", `${folder}/wandb/${run.name}`],
    isReady: (text) => text.includes("State: Finished"),
  };
  console.log(`dbx top against LEET, ${machine()}; ${STEPS * KEYS} points of ${KEYS} series in one run`);
  const times: Record<string, number[]> = { "dbx, first time": [], dbx: [], leet: [] };
  for (let round = 0; round < ROUNDS; round++) {
    await Deno.remove(`${folder}/r/.dbx/index`, { recursive: true }).catch(() => {});
    for (const [name, viewer] of [["dbx, first time", dbx], ["dbx", dbx], ["leet", leet]] as const) {
      times[name].push(await open(viewer, 160, 45));
      await close();
    }
  }
  const [first, again, theirs] = Object.values(times).map(median);
  const said = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  console.log(
    `  opened and drawn:  dbx ${said(first)} the first time, ${said(again)} with its index; LEET ${said(theirs)}`,
  );
  console.log(
    `  parts of LEET's:   ${(first / theirs).toFixed(3)} the first time, ${(again / theirs).toFixed(3)} with its index`,
  );
  for (const columns of [60, 160, 300]) {
    await open({ ...dbx, isReady: (text) => hasCurves(text) }, columns, 45);
    const ours = await turn();
    await close();
    console.log(`  a page of charts at ${columns} columns: ${ours.toFixed(0)} ms from the key to the screen`);
  }
} finally {
  await close();
  await Deno.remove(folder, { recursive: true });
}
