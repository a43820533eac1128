// Runs Python scripts with the client of this tree.
import { dbx, scratch } from "../e2e/dbx.ts";

const client = decodeURIComponent(new URL("../../lib/python/dbxlogger", import.meta.url).pathname);

/** The Python that tests run: `DBX_TEST_PYTHON`, else `python3`; undefined where there is none. */
export const PYTHON: string | undefined = found(Deno.env.get("DBX_TEST_PYTHON") ?? "python3");

if (PYTHON === undefined) console.error("there is no python3: the tests of the Python client are left out");

function found(program: string): string | undefined {
  try {
    const args = ["-c", "import sys; print(sys.executable)"];
    const { success, stdout } = new Deno.Command(program, { args, stderr: "null" }).outputSync();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
}

/** Declares a test that needs Python. */
export function pythonTest(name: string, test: (folder: string) => Promise<void>): void {
  Deno.test({
    name: `python: ${name}`,
    ignore: PYTHON === undefined,
    async fn() {
      await using folder = await scratch();
      await test(folder.path);
    },
  });
}

/** How a script ended. */
export interface Ran {
  readonly code: number;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a script is given besides the client: neither a run nor a rank of whoever runs the tests. */
export function pythonEnv(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const none = { DBX_RUN_DIR: "", DBX_REPO: "", RANK: "", LOCAL_RANK: "", PYTHONUNBUFFERED: "" };
  return { ...none, PYTHONPATH: client, PYTHONDONTWRITEBYTECODE: "1", ...env };
}

/** Runs a script in a folder, which holds it as `script.py`. */
export async function python(
  cwd: string,
  script: string,
  options: { readonly env?: Readonly<Record<string, string>>; readonly args?: readonly string[] } = {},
): Promise<Ran> {
  await Deno.writeTextFile(`${cwd}/script.py`, script);
  const args = ["script.py", ...options.args ?? []];
  const command = new Deno.Command(PYTHON!, { args, cwd, env: pythonEnv(options.env), stdin: "null" });
  const { code, signal, stdout, stderr } = await command.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, signal, stdout: out, stderr: err };
}

/** A line of a log. */
export type Line = Readonly<Record<string, unknown>> & { readonly event: string };

/** The logs of the only run in a repository, each by its name; without the times of lines. */
export async function logsIn(repo: string): Promise<Record<string, Line[]>> {
  const runs = await runsIn(repo);
  if (runs.length !== 1) throw new Error(`${runs.length} runs`);
  return logsOf(runs[0]);
}

/** The logs in a run's folder. */
export function logsOf(run: string): Record<string, Line[]> {
  const logs: Record<string, Line[]> = {};
  for (const { name } of Deno.readDirSync(run)) {
    if (!name.endsWith("log.jsonl")) continue;
    const lines = Deno.readTextFileSync(`${run}/${name}`).split("\n");
    if (lines.pop() !== "") throw new Error(`${name} ends in a torn line`);
    logs[name === "log.jsonl" ? "log" : name.slice(0, -".log.jsonl".length)] = lines.map((line) => {
      const { ts, ...rest } = JSON.parse(line);
      if (!Number.isSafeInteger(ts)) throw new Error(`${name}: ${line}`);
      return rest;
    });
  }
  return logs;
}

/** The folders of all runs in a repository. */
export async function runsIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory || name.startsWith(".") || name === "objects") continue;
    const path = `${folder}/${name}`;
    if (name === "runs") { for await (const run of Deno.readDir(path)) found.push(`${path}/${run.name}`); }
    else found.push(...await runsIn(path));
  }
  return found.sort();
}

/** What `dbx check` finds; an empty list for nothing. */
export async function findingsIn(repo: string): Promise<unknown[]> {
  const { stdout, stderr } = await dbx(["check", "--repo", repo, "--read-data", "--json"]);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}
