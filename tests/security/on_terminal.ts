// Runs commands in this process, their output on a terminal that is not there: many of them take no time.
import type { Context, ProcessContext } from "../../lib/cli/command.ts";
import { repositoriesOf } from "../../lib/cli/repository/repositories.ts";
import { toExitResult } from "../../lib/cli/launch/errors.ts";
import { commandAt, findCommand } from "../../lib/cli/find_command.ts";
import { parse } from "../../lib/cli/parse.ts";
import { printerOf } from "../../lib/cli/print.ts";
import { commands, SUBJECTS } from "../../lib/commands/table.ts";
import { keptOutputs } from "../terminal/sink.ts";

/** What a terminal got from a command line. */
export interface Shown {
  readonly code: number;
  readonly text: string;
}

/** Where commands run. */
export interface Place {
  readonly repo: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Default: both outputs are terminals. */
  readonly isTerminal?: boolean;
  /** After so many milliseconds somebody presses Ctrl-C. Default 20,000. */
  readonly milliseconds?: number;
}

/** Runs a command line as the worker does, errors included. */
export async function onTerminal(words: readonly string[], place: Place): Promise<Shown> {
  const { isTerminal = true, repo, cwd, env } = place;
  const outputs = keptOutputs({ isTerminal, colour: isTerminal });
  outputs.columns = 100_000;
  const { path, args } = await findCommand(commands, words);
  const { command, load } = await commandAt(commands, path);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), place.milliseconds ?? 20_000);
  let code: number;
  try {
    const parsed = parse(command, args);
    const process: ProcessContext = {
      cwd,
      env,
      repo,
      repos: [repo],
      now: Date.now(),
      stdin: { readable: new Blob([]).stream(), isTerminal: false },
      stdout: outputs.stdout,
      stderr: outputs.stderr,
      subjects: SUBJECTS,
      signal: controller.signal,
    };
    const context: Context = { ...process, ...repositoriesOf(process) };
    const { run } = await load();
    code = await printerOf(context, parsed)(await run(context, parsed));
  } catch (error) {
    const ending = toExitResult(error);
    outputs.stderr.lines(ending.lines);
    code = ending.exitCode;
  }
  clearTimeout(timer);
  outputs.stderr.clear();
  return { code, text: outputs.take() };
}
