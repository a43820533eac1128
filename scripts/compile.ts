// Makes `dist/dbx`, one self-contained executable, and `dist/dbx.maps.json`, its source maps, by which `deno task stack`
// reads what a user reports. `--target T` for another system, `--all` for the five that exist.
//
// The modules are bundled first: to load some 500 small ones takes each command longer than what it does.
//
// Packages are fetched anew, into a folder of this compilation alone: the compiler compares a package with the lock when it
// fetches it, and never again. So a package or a lock of a wrong checksum fails the compilation, whatever a cache holds.
import { parseArgs } from "@std/cli/parse-args";
import { resolve } from "@std/path";
import { bundle, bundled, BUNDLER, withBundler } from "./compile/bundle.ts";
import { learn, type Learnt } from "./compile/learn.ts";
import { type Lock, lockOf } from "./compile/lock.ts";
import { type Maps, readMaps } from "./compile/maps.ts";
import { readChunks, writeScripts } from "./compile/scripts.ts";

const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

/** What all commands need together; each gets its own part. `ffi` is in none. */
const PERMISSIONS = ["run", "env", "sys", "net"].map((name) => `--allow-${name}`);

/** All files; by the path of the root, where there is one, so that the main isolate can keep some of them (`narrow.ts`). */
const FILES = ["--allow-read", "--allow-write"];
const FILES_BY_ROOT = ["--allow-read=/", "--allow-write=/"];

/**
 * On a terminal the runtime would otherwise ask a person to widen what a command may do, and read bytecode from a
 * predictable file in the folder for temporary files, which others can write.
 */
const HARDENING = ["--no-prompt", "--no-code-cache"];

/**
 * Each thread holds what it made last in two spaces, which grow to 32 MB each by default: much of what the first index of a large
 * repository would take.
 */
const MEMORY = "--v8-flags=--max-semi-space-size=4";

const MAIN = "cli.ts";

/** What runs beside the main program. */
const WORKERS = [
  "lib/commands/worker.ts",
  "lib/index/parse/parse_worker.ts",
  "lib/query/snapshot/bulk/bulk_worker.ts",
  "lib/query/snapshot/catalogue/ahead/look_worker.ts",
  "lib/sync/inventory/inventory_worker.ts",
  "lib/server/pool/query_worker.ts",
  "lib/server/pool/purge_worker.ts",
];

const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
const deno = Deno.env.get("DENO") ?? Deno.execPath();

/** The packages that modules import, as `name@version`. */
async function packagesOf(module: string): Promise<string[]> {
  const options: Deno.CommandOptions = { args: ["info", "--json", module], cwd: root, stderr: "inherit" };
  const { success, stdout } = await new Deno.Command(deno, options).output();
  if (!success) Deno.exit(1);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: { npmPackage?: string }[] };
  return modules.map(({ npmPackage }) => npmPackage).filter((name) => name !== undefined);
}

/** Writes the configuration and the lock of a compilation into a folder: those of the tree, without what only tests need. */
async function prepare(folder: string): Promise<void> {
  const read = async (name: string) => JSON.parse(await Deno.readTextFile(`${root}${name}`));
  const packages = new Set((await Promise.all([MAIN, ...WORKERS].map(packagesOf))).flat());
  const { unstable, imports } = await read("deno.json") as { unstable: string[]; imports: Record<string, string> };
  const packageOf = (target: string) => /^npm:((?:@[^/]+\/)?[^/]+)/.exec(target)?.[1] ?? "";
  const used = Object.entries(imports).filter(([, target]) => packages.has(packageOf(target)));
  const lock = withBundler(lockOf(await read("deno.lock") as Lock, [...packages]));
  const all = { ...Object.fromEntries(used), bundler: `npm:${BUNDLER}` };
  const dependencies = [...new Set(Object.values(all).map((target) => `npm:${packageOf(target)}`))];
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ unstable, imports: all }));
  await Deno.writeTextFile(
    `${folder}/deno.lock`,
    JSON.stringify({ ...lock, workspace: { dependencies } }),
  );
}

/** Compiles the program that lies in a folder. */
async function compile(
  folder: string,
  program: string,
  output: string,
  { target = Deno.build.target, learns = false }: { readonly target?: string; readonly learns?: boolean } = {},
): Promise<void> {
  // What learns what workers run has to run commands in workers.
  const files = learns || target.includes("windows") ? FILES : FILES_BY_ROOT;
  const args = ["compile", "--quiet", "--no-check", ...HARDENING, MEMORY, ...files, ...PERMISSIONS];
  args.push("--unstable-worker-options");
  args.push("--unstable-raw-imports", "--no-config", "--no-lock", "--no-npm", "--no-remote");
  for (const worker of WORKERS) args.push("--include", bundled(worker));
  args.push("--output", resolve(root, output));
  if (target !== Deno.build.target) args.push("--target", target);
  args.push(bundled(MAIN));
  const options = { args, cwd: program, env: { DENO_DIR: `${folder}/cache` } };
  const { success } = await new Deno.Command(deno, options).spawn().status;
  if (!success) throw new Error("Cannot compile: deno compile failed; it says why above");
}

async function write(folder: string, program: string, maps: Maps, output: string, target?: string): Promise<void> {
  await compile(folder, program, output, { target });
  await Deno.writeTextFile(resolve(root, `${output}.maps.json`), JSON.stringify(maps));
  console.log(output);
}

const flags = parseArgs(Deno.args, { boolean: ["all"], string: ["target", "output"] }) as {
  all: boolean;
  target?: string;
  output?: string;
};
const targets: (string | undefined)[] = flags.all ? TARGETS : [flags.target];
const folder = await Deno.makeTempDir({ prefix: "dbx-compile-" });
try {
  await prepare(folder);
  const bundleFolder = `${folder}/bundle`;
  await bundle(deno, root, folder, [MAIN, ...WORKERS]);
  const maps = await readMaps(root, bundleFolder);
  for (const target of targets) {
    const output = flags.output ?? (target === undefined ? "dist/dbx" : `dist/dbx-${target}`);
    if (target !== undefined && target !== Deno.build.target) {
      await write(folder, bundleFolder, maps, output, target);
      continue;
    }
    const chunks = await readChunks(bundleFolder);
    const writeProgram = (name: string, learnt?: Learnt) =>
      writeScripts(`${folder}/${name}`, chunks, bundled(MAIN), WORKERS.map(bundled), learnt);
    await writeProgram("learning");
    await compile(folder, `${folder}/learning`, `${folder}/learner`, { learns: true });
    await writeProgram("scripts", await learn(`${folder}/learner`, `${folder}/learnt`));
    await write(folder, `${folder}/scripts`, maps, output, target);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
