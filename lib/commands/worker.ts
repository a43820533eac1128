// The one worker: it runs a command with the permissions that the command declared.
import { onLinkMet } from "../fs/links/links_met.ts";
import { standardOutputs } from "../terminal/output.ts";
import type { Command, CommandEntry, Context, Parsed } from "../cli/command.ts";
import { type ExitResult, toExitResult } from "../cli/launch/errors.ts";
import { finishPurges } from "../cli/repository/finish_purges.ts";
import type { HelperRequest } from "../cli/launch/helper.ts";
import type { RunOrder } from "../cli/launch/launch.ts";
import { parse } from "../cli/parse.ts";
import { type PrintOptions, printStyle } from "../cli/print_options.ts";
import type { Result } from "../terminal/result.ts";
import { commands, SUBJECTS } from "./table.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<RunOrder>) => void) | null;
  postMessage(message: ExitResult | HelperRequest, transfer?: Transferable[]): void;
};

scope.onmessage = (message) => {
  execute(message.data).catch(toExitResult).then((ending) => scope.postMessage(ending));
};

async function execute(order: RunOrder): Promise<ExitResult> {
  const { command, load } = await named(order.command);
  const parsed = parse(command, order.args);
  const { run } = await load();
  const controller = new AbortController();
  let interrupted = 0;
  if (!command.handlesSignals) {
    const codes = { SIGINT: 130, SIGTERM: 143 } as const;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => {
        interrupted = codes[signal];
        controller.abort();
      });
    }
  }
  const { stdout, stderr } = standardOutputs(order.around.env);
  const context: Context = {
    ...order.around,
    stdin: {
      get readable() {
        return Deno.stdin.readable;
      },
      isTerminal: Deno.stdin.isTerminal(),
    },
    stdout,
    stderr,
    helper() {
      const { port1, port2 } = new MessageChannel();
      scope.postMessage({ helper: port2 }, [port2]);
      return port1;
    },
    subjects: SUBJECTS,
    signal: controller.signal,
  };
  onLinkMet((path) => {
    try {
      context.stderr.line(`dbx: "${path}" is a symbolic link and is not followed`);
    } catch {
      // Nobody listens.
    }
  });
  let exitCode: number;
  try {
    if (!command.goesAhead) await finishPurges(context);
    const result = await run(context, parsed);
    exitCode = typeof result === "number" ? result : await print(context, parsed, result);
  } finally {
    stderr.clear();
  }
  return {
    exitCode: exitCode === 0 && interrupted !== 0 && !command.endsBySignal ? interrupted : exitCode,
    lines: [],
  };
}

/** The command of a path in the table. */
async function named(path: readonly string[]): Promise<{ command: Command; load: NonNullable<CommandEntry["load"]> }> {
  let table = commands;
  for (const word of path) {
    const { describe, load } = table[word];
    const { command } = await describe();
    if ("subcommands" in command) table = command.subcommands;
    else if (load !== undefined) return { command, load };
  }
  throw new Error(`"dbx ${path.join(" ")}" is not a command`);
}

async function print(context: Context, { options }: Parsed, result: Result): Promise<number> {
  const { printResult } = await import("../terminal/printer.ts");
  return await printResult(context, printStyle(options as PrintOptions), result);
}
