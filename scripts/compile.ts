// Makes `dist/dbx`, one self-contained executable. `--target T` for another system, `--all` for the five that exist.
import { parseArgs } from "@std/cli/parse-args";

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
 * Without a prompt a terminal never lets anybody widen what a command may do. Without a code cache the executable reads no
 * bytecode from a file in the folder for temporary files, which others can write. With the lock a package of a wrong
 * checksum fails the compilation.
 */
const HARDENING = ["--no-prompt", "--no-code-cache", "--frozen", "--lock", "deno.lock"];

/** What runs beside the main program. */
const WORKERS = [
  "lib/commands/worker.ts",
  "lib/index/shred_worker.ts",
  "lib/sync/inventory_worker.ts",
  "lib/server/query_worker.ts",
];

async function compile(output: string, target?: string): Promise<void> {
  const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
  const args = ["compile", "--quiet", "--no-check", ...HARDENING, ...PERMISSIONS];
  for (const worker of WORKERS) args.push("--include", worker);
  args.push("--output", output);
  if (target !== undefined) args.push("--target", target);
  args.push("cli.ts");
  const { code } = await new Deno.Command(Deno.env.get("DENO") ?? Deno.execPath(), { args, cwd: root }).spawn().status;
  if (code !== 0) Deno.exit(code);
  console.log(output);
}

const flags = parseArgs(Deno.args, { boolean: ["all"], string: ["target", "output"] }) as {
  all: boolean;
  target?: string;
  output?: string;
};
if (flags.all) { for (const target of TARGETS) await compile(`dist/dbx-${target}`, target); }
else {await compile(
    flags.output ?? (flags.target === undefined ? "dist/dbx" : `dist/dbx-${flags.target}`),
    flags.target,
  );}
