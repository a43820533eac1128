import { isTransient, messageOf } from "../../base/errors.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { FullScreen } from "../../cli/worker/full_screen.ts";
import { printStyle } from "../../cli/print_options.ts";
import { onLinkMet } from "../../fs/links/links_met.ts";
import { splitColumns } from "../../query/schema/column_aliases.ts";
import type { Result } from "../../terminal/result.ts";
import { filterOf } from "./experiment_filter.ts";
import type { OPTIONS } from "./top.ts";
import { TopApp } from "./top/app.ts";
import { conditionOf } from "./top/condition.ts";
import { TopModel } from "./top/model/model.ts";
import { openSources } from "./top/model/sources.ts";
import { listOnce } from "./top/once.ts";
import { TopState } from "./top/state.ts";

/** Milliseconds after which ages and durations are drawn again. */
const TICK_MS = 1000;

/** Shows runs on the whole terminal until somebody quits, or prints them once where there is no terminal. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result | number> {
  const { options } = parsed;
  const isOnce = options.once || printStyle(options).format !== "table" || options.quiet;
  const filter = filterOf({ ...parsed, options: { ...options, run: undefined } });
  const cols = options.cols === undefined ? [] : splitColumns(options.cols);
  const sort = options.sort ?? "-created";
  const question = { ...filter, cols, sort };
  const isOnTerminal = context.stdin.isTerminal && context.stdout.isTerminal;
  if (isOnce || !isOnTerminal || isDumb(context) || context.terminal === undefined) {
    if (!isOnce && isOnTerminal && isDumb(context)) {
      context.stderr.line("dbx: TERM is not that of a terminal with a whole screen; the list is printed once");
    }
    const asked = filter.where === undefined ? question : { ...question, where: conditionOf(filter.where) };
    return await listOnce(context, asked, {
      series: options.series,
      limit: options.limit,
      isForPeople: printStyle(options).format === "table",
    });
  }
  const controller = new AbortController();
  const signal = AbortSignal.any([context.signal, controller.signal]);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => end());
  let full: FullScreen | undefined;
  const say = (text: string, isError = false) => {
    state?.say(text, isError);
    full?.screen.invalidate();
  };
  let state: TopState | undefined;
  const sources = await openSources(context, (line) => say(line.replace(/^dbx: /, "")));
  try {
    const model = new TopModel(sources, {
      onChange: () => full?.screen.invalidate(),
      onAnswer: (source) => state?.heardOf(source),
      onError: (error, source) => {
        state?.say(messageOf(error), true, isTransient(error) ? source : undefined);
        full?.screen.invalidate();
      },
    }, signal);
    state = new TopState(model, {
      filter: question,
      cols,
      sort,
      isReadOnly: options["read-only"] || context.runOther === undefined,
      look: context.stdout,
      now: () => Date.now(),
    });
    state.metric = options.series;
    const app = new TopApp(state, {
      invalidate: () => full?.screen.invalidate(),
      redraw: () => full?.screen.resume(),
      quit: () => end(),
      async run({ source }, name, args) {
        const { exitCode, lines } = await context.runOther!({ name, args, repo: source.name });
        // It may have said something on its own.
        full?.screen.resume();
        if (exitCode !== 0) {
          throw new Error(lines.map((line) => line.replace(/^dbx: /, "")).join(" ") || `dbx ${name} failed`);
        }
      },
    });
    // A filter that cannot be is said where it was typed.
    const listed = app.relist(question.where ?? "", sort);
    await Promise.race([listed, new Promise((resolve) => setTimeout(resolve, FIRST_MS))]);
    onLinkMet((path) => say(`"${path}" is a symbolic link and is not followed`));
    full = await FullScreen.enter(context as Context & Required<Pick<Context, "terminal">>, {
      paint: (area) => app.paint(area),
      take: (input) => app.take(input),
    });
    listed.catch((error) => say(messageOf(error), true));
    const tick = setInterval(() => full?.screen.invalidate(), TICK_MS);
    try {
      await Promise.race([ended, full.read()]);
    } finally {
      clearInterval(tick);
    }
    return 0;
  } finally {
    controller.abort();
    await full?.[Symbol.asyncDispose]();
    for (const { repository } of sources) await repository.close();
  }
}

/** Whether a terminal cannot move its cursor, as far as is known: it would show the sequences for that as text. */
function isDumb({ env }: Context): boolean {
  return ["", "dumb", "unknown"].includes(env.TERM ?? "");
}

/** Milliseconds for which the list is waited for: a wrong filter is said on the command line, not on a screen. */
const FIRST_MS = 150;
