// What `dbx run --capture` adds to a call that logs, with the real packages: at most 20 microseconds.
import { ADVICE, PYTHON } from "../../tests/interop/python_packages.ts";
import { machine } from "./tools.ts";

/** What a call may cost more. */
const MAX_MORE_MICROSECONDS = 20;

if (PYTHON === undefined) {
  console.log(`capture: ${ADVICE}`);
  Deno.exit(0);
}
const folder = await Deno.makeTempDir();
const cli = new URL("../../cli.ts", import.meta.url).href;
const script = decodeURIComponent(new URL("capture.py", import.meta.url).pathname);
const { code, stdout } = await new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", cli, "run", "-q", "--system-interval", "0", "--", PYTHON, script],
  cwd: folder,
  env: {
    DBX_REPO: `${folder}/repository`,
    MLFLOW_ALLOW_FILE_STORE: "true",
    MLFLOW_TRACKING_URI: `${folder}/mlruns`,
    TRACKIO_DIR: `${folder}/trackio`,
    WANDB_SILENT: "true",
  },
  stderr: "inherit",
}).output();
await Deno.remove(folder, { recursive: true });
if (code !== 0) Deno.exit(code);
console.log(`capture, ${machine()}; processor time of the thread per call, medians of blocks in turns`);
let isSlow = false;
for (const line of new TextDecoder().decode(stdout).split("\n").filter((line) => line.startsWith("{"))) {
  const { name, own, watched } = JSON.parse(line) as { name: string; own: number; watched: number };
  const more = watched - own;
  isSlow ||= more > MAX_MORE_MICROSECONDS;
  const [before, after, added] = [own, watched, more].map((value) => value.toFixed(1).padStart(7));
  console.log(`  ${name.padEnd(26)} ${before} µs alone ${after} µs watched ${added} µs more`);
}
if (isSlow) Deno.exit(1);
