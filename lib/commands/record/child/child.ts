import { type ChildProcess, spawn } from "node:child_process";
import type { Signalled } from "./signal_relay.ts";

/** How a child is started. */
export interface ChildOptions {
  /** The absolute path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors for its stdout and stderr, or dbx's own, or new pipes. */
  readonly out: number | "inherit" | "pipe";
  readonly err: number | "inherit" | "pipe";
  /** Whether it gets a session, and so a process group, of its own. */
  readonly detached?: boolean;
}

/** How a command ended. */
export interface ChildStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A command that runs. */
export interface Child extends Signalled {
  /** Its stdout and stderr, where these are new pipes. */
  readonly stdout?: AsyncIterable<Uint8Array>;
  readonly stderr?: AsyncIterable<Uint8Array>;
  readonly status: Promise<ChildStatus>;
}

/** Starts a command. Its pid is that of the program: nothing stands between. Rejects where it cannot be started. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { program, args, cwd, env, out, err, detached = false } = options;
  const child: ChildProcess = spawn(unlike(program), [...args], {
    cwd,
    env: env as Record<string, string>,
    stdio: ["inherit", out, err],
    detached,
  });
  const status = new Promise<ChildStatus>((resolve) => {
    child.on("exit", (code: number | null, signal: string | null) => resolve({ code, signal }));
  });
  if (child.pid === undefined) {
    throw await new Promise<Error>((resolve) => child.on("error", resolve));
  }
  child.on("error", () => {});
  return {
    pid: child.pid,
    stdout: child.stdout as AsyncIterable<Uint8Array> | undefined ?? undefined,
    stderr: child.stderr as AsyncIterable<Uint8Array> | undefined ?? undefined,
    status,
    kill(signal) {
      try {
        child.kill(signal as NodeJS.Signals);
        // The runtime takes a first signal for the end: it would send no other, and report that one as what ended the child.
        Object.assign(child, { killed: false, signalCode: null });
      } catch {
        // It has ended already.
      }
    },
  };
}

/** The runtime rewrites the arguments of its own executable; by another path to it they pass as they are. */
function unlike(program: string): string {
  return program === Deno.execPath() ? program.replace(/\/([^/]*)$/, "/./$1") : program;
}
