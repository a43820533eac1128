import { parentOf } from "../../../base/paths.ts";
import { derivedFolder } from "../../../fs/folders/derived_folder.ts";
import { messageOf, UsageError } from "../../../base/errors.ts";
import type { Context } from "../../../cli/command.ts";
import type { RunArgs } from "../run_options.ts";
import { requireProgram } from "../../../fs/find_program.ts";
import { type Child, type ChildOptions, startChild } from "./child.ts";
import type { Keeper } from "./keeper.ts";
import { makePipes, type Pipes } from "./pipes.ts";
import { onPty } from "./pty.ts";

/** A child, and where its output comes from. */
export interface Started {
  readonly child: Child;
  readonly pipes?: Pipes;
}

/** What is started. */
export interface StartOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly keeper?: Keeper;
  /** Folders of which one becomes that of the FIFOs; undefined where nothing is recorded: the child then has dbx's own output. */
  readonly folders?: readonly string[];
}

/** Checks before anything is made that a terminal can be had. */
export function checkPty(context: Context, parsed: RunArgs): void {
  if (!parsed.options.pty) return;
  const { path, code } = requireProgram("script", context);
  if (path !== undefined && code === undefined && Deno.build.os === "linux") return;
  throw new UsageError(
    `Cannot use --pty: ${
      Deno.build.os === "linux" ? "the program script was not found in PATH" : "it needs Linux"
    }; install util-linux (Debian: bsdutils), or run without --pty`,
  );
}

/** Starts the child of `dbx run`. */
export async function start(context: Context, parsed: RunArgs, options: StartOptions): Promise<Started> {
  const { keeper, folders, program, args, env } = options;
  const pipes = folders === undefined || keeper === undefined ? undefined : await makePipes(keeper, folders);
  const ends = folders === undefined
    ? { out: "inherit", err: "inherit" } as const
    : pipes ?? { out: "pipe", err: "pipe" } as const;
  const plain = { program, args, env, cwd: context.cwd, out: ends.out, err: ends.err };
  try {
    if (!parsed.options.pty) {
      const child = await startPlain(withIgnored(plain, context, keeper), context);
      const kill = (signal: Deno.Signal) => {
        if (signal !== "SIGKILL" || keeper?.killAll(child.pid) !== true) child.kill(signal);
      };
      return { child: { ...child, kill }, pipes };
    }
    if (pipes === undefined) {
      throw new UsageError("Cannot use --pty: nothing is recorded, or FIFOs cannot be created");
    }
    const pidFile = `${pipes.folder}/pid`;
    const terminal = context.stdin.isTerminal;
    const size = terminal ? undefined : { columns: context.stdout.columns, rows: Number(env.LINES) || 24 };
    const [script, sh] = ["script", "sh"].map((name) => requireProgram(name, context).path ?? name);
    const command = onPty({ script, sh, program, args, env, pidFile, size });
    const child = await startChild({ ...plain, ...command, detached: !terminal });
    return { child: { ...child, kill: (signal) => killOnPty(child, keeper, pidFile, signal) }, pipes };
  } finally {
    pipes?.closeChildEnds();
  }
}

/** Starts a program, or a script without a `#!` line: as every shell does, by `sh`. */
async function startPlain(options: ChildOptions, context: Context): Promise<Child> {
  try {
    return await startChild(options);
  } catch (error) {
    const sh = requireProgram("sh", context).path;
    if (!/exec format error/i.test(messageOf(error)) || sh === undefined || !isText(options.program)) throw error;
    return await startChild({ ...options, program: sh, args: [options.program, ...options.args] });
  }
}

/** Whether a file begins like a text, not like a program of another kind of machine. */
function isText(path: string): boolean {
  try {
    using file = Deno.openSync(path);
    const head = new Uint8Array(80);
    return !head.subarray(0, file.readSync(head) ?? 0).includes(0);
  } catch {
    return true; // dbx may not read everything.
  }
}

/** Signals for a child on a pseudo-terminal go to itself, not to `script` before it. */
function killOnPty(script: Child, keeper: Keeper | undefined, pidFile: string, signal: Deno.Signal): void {
  try {
    const pid = Number(derivedFolder(parentOf(pidFile)).readText("pid"));
    if (pid > 0 && keeper !== undefined) {
      if (signal === "SIGKILL") keeper.killAll(pid);
      else keeper.kill(signal, pid);
      return;
    }
  } catch {
    // It has not started yet.
  }
  script.kill(signal);
}

/** A signal that was ignored when dbx was started stays ignored in the child, though dbx itself listens to it by now. */
function withIgnored<T extends { readonly program: string; readonly args: readonly string[] }>(
  options: T,
  context: Context,
  keeper: Keeper | undefined,
): T {
  const names = [...keeper?.ignored ?? []].map((signal) => signal.slice(3));
  const sh = requireProgram("sh", context).path;
  if (names.length === 0 || sh === undefined) return options;
  return {
    ...options,
    program: sh,
    args: ["-c", `trap '' ${names.join(" ")}; exec "$@"`, "sh", options.program, ...options.args],
  };
}
