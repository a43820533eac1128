// Makes `dist/dbx`, one self-contained executable, and `dist/dbx.maps.json`, its source maps, by which `deno task stack`
// reads what a user reports. `--target T` for another system, `--all` for the five that exist.
//
// The modules are bundled first: to load some 500 small ones takes each command longer than what it does.
//
// Packages are fetched anew, into a folder of this compilation alone: the compiler compares a package with the lock when it
// fetches it, and never again. So a package or a lock of a wrong checksum fails the compilation, whatever a cache holds.
import { parseArgs } from "@std/cli/parse-args";
import { resolve } from "@std/path";
import { bundle, bundled, BUNDLER, sourceMaps, withBundler } from "./compile_bundle.ts";
import { type Lock, lockOf } from "./compile_lock.ts";

const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

/** What all commands need together; each one's worker gets its own part. `ffi` is in none. */
const PERMISSIONS = ["read", "write", "run", "env", "sys", "net"].map((name) => `--allow-${name}`);

/**
 * On a terminal the runtime would otherwise ask a person to widen what a command may do, and read bytecode from a
 * predictable file in the folder for temporary files, which others can write.
 */
const HARDENING = ["--no-prompt", "--no-code-cache"];

/**
 * Megabytes of the half of a heap in which objects are made. With the default of 16, a server that has looked at 100,000
 * experiments holds some 60 MB more; no command is faster by it.
 */
const V8_FLAGS = "--v8-flags=--max-semi-space-size=4";

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

async function compile(folder: string, output: string, target?: string): Promise<number> {
  const args = [
    "compile",
    "--quiet",
    "--no-check",
    V8_FLAGS,
    ...HARDENING,
    ...PERMISSIONS,
    "--unstable-worker-options",
  ];
  args.push("--no-config", "--no-lock", "--no-npm", "--no-remote");
  for (const worker of WORKERS) args.push("--include", bundled(worker));
  args.push("--output", resolve(root, output));
  if (target !== undefined) args.push("--target", target);
  args.push(bundled(MAIN));
  const options = { args, cwd: `${folder}/bundle`, env: { DENO_DIR: `${folder}/cache` } };
  const { code } = await new Deno.Command(deno, options).spawn().status;
  if (code === 0) console.log(output);
  return code;
}

const flags = parseArgs(Deno.args, { boolean: ["all"], string: ["target", "output"] }) as {
  all: boolean;
  target?: string;
  output?: string;
};
const targets: (string | undefined)[] = flags.all ? TARGETS : [flags.target];
const folder = await Deno.makeTempDir({ prefix: "dbx-compile-" });
let code = 0;
try {
  await prepare(folder);
  await bundle(deno, root, folder, [MAIN, ...WORKERS]);
  const maps = await sourceMaps(root, folder);
  for (const target of targets) {
    const output = flags.output ?? (target === undefined ? "dist/dbx" : `dist/dbx-${target}`);
    code ||= await compile(folder, output, target);
    if (code === 0) await Deno.writeTextFile(resolve(root, `${output}.maps.json`), maps);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
Deno.exit(code);
