import type { Command, CommandEnvironment } from "../command.ts";
import type { ExitResult } from "./errors.ts";
import type { HelperRequest } from "./helper.ts";
import { type OtherCommandPort, type RunOther, serveOtherCommands } from "./other_commands.ts";
import type { PagerRequest, PagerWords } from "./pager.ts";
import { writeLines } from "./own_outputs.ts";
import type { WorkerPermissions } from "./permissions.ts";
import type { TerminalGuard, TerminalPort } from "./terminal_guard.ts";

/** The word with which dbx is its own helper. It is for dbx itself, and in no help. */
export const HELPER = "query-helper";

/** What the main isolate tells the worker. */
export interface RunOrder {
  /** The words that name it. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Values of options that the words do not give. */
  readonly defaults: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly environment: CommandEnvironment;
  /** Whether what it prints is shown in pages where it is longer than the screen. */
  readonly pages: boolean;
}

/** From source, a worker loads its modules through its own permissions: its files and those of packages. */
export function sources(): string[] {
  if (Deno.build.standalone) return [];
  const url = new URL("../../../", import.meta.url);
  if (url.protocol !== "file:") return [];
  return [decodeURIComponent(url.pathname).replace(/\/$/, "")];
}

/** The words for the runtime that start dbx from source. */
function fromSource(folder: string): string[] {
  return ["run", "-A", "--quiet", "--no-prompt", "--config", `${folder}/deno.json`, `${folder}/cli.ts`];
}

/** What a worker may ask of the main isolate. */
export type MainRequest = HelperRequest | PagerRequest | TerminalPort | OtherCommandPort;

/** Signals within so many milliseconds are one: `timeout` sends it twice, a launcher passes on what the terminal sent already. */
const SAME_SIGNAL_MS = 500;

/** How long a worker that only reads may take to end by itself after a signal: it may be too busy to hear of it. */
const KILL_DELAY_MS = 100;

/** What the main isolate does for a worker besides. */
export interface WorkerSurroundings {
  /** For its helper. */
  readonly opening?: ReturnType<NonNullable<Command["helper"]>>;
  /** For what it prints. */
  readonly pager?: PagerWords;
  /** Runs another command for it. */
  readonly runOther?: RunOther;
  /** Where the lines go that it ends with; default: stderr. */
  readonly say?: (lines: readonly string[]) => void;
}

/** Runs a command in a worker, and resolves to its exit code. `module`: of the worker. */
export function runInWorker(
  module: URL,
  order: RunOrder,
  permissions: WorkerPermissions,
  { handlesSignals, endsAtOnce, usesScreen }: Pick<Command, "handlesSignals" | "endsAtOnce" | "usesScreen">,
  { opening, pager, runOther, say = writeLines }: WorkerSurroundings,
): Promise<number> {
  const options = { type: "module", name: "dbx", deno: { permissions } } as WorkerOptions;
  const worker = new Worker(module, options);
  // A signal reaches the whole process; the worker listens and decides, so the main isolate must not die of it. The
  // second one ends a worker that is too busy to listen, and of a command that only reads the first one does. A command that
  // handles signals must find them as dbx was given them.
  let guard: TerminalGuard | undefined;
  const exit = (code: number): never => {
    guard?.release();
    Deno.exit(code);
  };
  let firstSignal: number | undefined;
  let isPaging = false;
  for (const [signal, code] of handlesSignals ? [] : [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    Deno.addSignalListener(signal, () => {
      // It is for the pager, which has the terminal.
      if (isPaging && signal === "SIGINT") return;
      if (firstSignal === undefined) {
        firstSignal = performance.now();
        if (endsAtOnce) setTimeout(() => exit(code), KILL_DELAY_MS);
      } else if (performance.now() - firstSignal > SAME_SIGNAL_MS) exit(code);
    });
  }
  return new Promise((resolve) => {
    worker.onmessage = async ({ data }: MessageEvent<ExitResult | MainRequest>) => {
      if ("terminal" in data) {
        if (usesScreen !== true) return;
        const { TerminalGuard } = await import("./terminal_guard.ts");
        guard = new TerminalGuard();
        guard.serve(data.terminal);
        return;
      }
      if ("pager" in data) {
        if (pager === undefined) return;
        isPaging = true;
        const { startPager } = await import("./pager.ts");
        return await startPager(data.pager, pager);
      }
      if ("helper" in data) {
        const { startHelper } = await import("./helper.ts");
        if (opening !== undefined) {
          startHelper(data.helper, [...sources().flatMap(fromSource), HELPER], opening);
        }
        return;
      }
      if ("otherCommands" in data) {
        if (runOther !== undefined) serveOtherCommands(data.otherCommands, runOther);
        return;
      }
      guard?.release();
      say(data.lines);
      resolve(data.exitCode);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      guard?.release();
      say([`dbx: this is a bug in dbx: ${event.message}`]);
      resolve(70);
    };
    worker.postMessage(order);
  });
}
