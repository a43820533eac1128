import { onLinkMet } from "../fs/links/links_met.ts";
import { pagedOutputs, standardOutputs } from "../terminal/output.ts";
import type { Command, Context, ProcessContext } from "../cli/command.ts";
import { ABORTED, type ExitResult, toExitResult } from "../cli/launch/errors.ts";
import { repositoriesOf } from "../cli/repository/repositories.ts";
import { finishPurges } from "../cli/repository/finish_purges.ts";
import { pagerAt } from "../cli/pager_port.ts";
import type { MainRequest, RunOrder } from "../cli/launch/run_in_worker.ts";
import { parse } from "../cli/parse.ts";
import { commandAt } from "../cli/find_command.ts";
import { printerOf } from "../cli/print.ts";
import { commands, SUBJECTS } from "./table.ts";

/** How a command is run: by a worker, or by the main isolate itself. */
export interface Surroundings {
  /** Sends the main isolate what the command asks of it; undefined in that isolate, of which nothing can be asked. */
  readonly post?: (message: MainRequest, transfer: Transferable[]) => void;
}

/** Runs a command, and resolves to how it ends. */
export async function execute(order: RunOrder, { post }: Surroundings): Promise<ExitResult> {
  try {
    return await run(order, post);
  } catch (error) {
    return toExitResult(error);
  }
}

async function run(order: RunOrder, post: Surroundings["post"]): Promise<ExitResult> {
  const { command, load } = await commandAt(commands, order.command);
  const parsed = parse(command, order.args, order.defaults);
  const code = await load();
  const controller = new AbortController();
  let interrupted = 0;
  let isPaging = false;
  // A signal ends the main isolate wherever it is: it only runs what may end at once.
  if (!command.handlesSignals && post !== undefined) {
    const codes = { SIGINT: 130, SIGTERM: 143 } as const;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => {
        if (isPaging && signal === "SIGINT") return;
        interrupted = codes[signal];
        controller.abort();
      });
    }
  }
  const { stdout, stderr, end } = order.pages && post !== undefined
    ? pagedOutputs(order.environment.env, () => {
      isPaging = true;
      const { port1, port2 } = new MessageChannel();
      post({ pager: port2 }, [port2]);
      return pagerAt(port1);
    })
    : { ...standardOutputs(order.environment.env), end: undefined };
  const process: ProcessContext = {
    ...order.environment,
    stdin: {
      get readable() {
        return Deno.stdin.readable;
      },
      isTerminal: Deno.stdin.isTerminal(),
    },
    stdout,
    stderr,
    ...post && { helper: () => helperOf(post) },
    ...post && (command.usesScreen || command.mayRun !== undefined) ? await askingMain(command, post) : {},
    subjects: SUBJECTS,
    signal: controller.signal,
  };
  const context: Context = { ...process, ...repositoriesOf(process) };
  onLinkMet((path) => {
    try {
      context.stderr.line(`dbx: "${path}" is a symbolic link and is not followed`);
    } catch {
      // The reader has gone.
    }
  });
  let exitCode: number;
  try {
    if (!command.goesAhead) await finishPurges(context);
    const print = printerOf(context, parsed);
    exitCode = await print(await code.run(context, parsed));
  } catch (error) {
    const ending = toExitResult(error);
    // Which signal it was is not said by what it aborted.
    return ending.exitCode === ABORTED && interrupted !== 0 ? { ...ending, exitCode: interrupted } : ending;
  } finally {
    stderr.clear();
    await end?.();
  }
  return {
    exitCode: exitCode === 0 && interrupted !== 0 && !command.endsBySignal ? interrupted : exitCode,
    lines: [],
  };
}

type Post = NonNullable<Surroundings["post"]>;

function helperOf(post: Post): MessagePort {
  const { port1, port2 } = new MessageChannel();
  post({ helper: port2 }, [port2]);
  return port1;
}

/** What a command may have of the main isolate. */
async function askingMain(
  { usesScreen, mayRun }: Command,
  post: Post,
): Promise<Pick<ProcessContext, "terminal" | "runOther">> {
  const { otherCommandsOf, terminalOf } = await import("../cli/worker/main_requests.ts");
  const terminal = terminalOf((port) => post({ terminal: port }, [port]));
  const runOther = otherCommandsOf((port) => post({ otherCommands: port }, [port]));
  return { ...usesScreen && { terminal }, ...mayRun && { runOther } };
}
