import { UsageError } from "../../../base/errors.ts";
import type { Context } from "../../../cli/command.ts";
import type { Piece } from "../../../terminal/colours.ts";
import { askingOf } from "../../../compare/asking.ts";
import { openLive } from "../../../cli/repository/live_repository.ts";
import { chosenOf } from "./chosen.ts";
import type { Described } from "./labels.ts";
import { readCurves } from "./read.ts";
import { isForFiles, isForMachines, type PlotLine, pointsOf, selectorOf } from "./request.ts";
import { drawingOf } from "./show.ts";

/** Changes with every new point. */
const NEWS = "SELECT count(*), sum(count) FROM metrics";

/** Draws, and draws again whenever there are new points: in place on a terminal. */
export async function follow(context: Context, parsed: PlotLine): Promise<number> {
  if (isForMachines(parsed) || isForFiles(parsed)) {
    throw new UsageError("Cannot use --follow with --json, --svg, --png or --html: it is for the terminal");
  }
  if (context.repos.length > 1) throw new UsageError("Cannot follow several repositories: name one");
  const { stdout, stderr, signal } = context;
  const how = { all: parsed.options.all, signal };
  await using repository = await openLive(context);
  const asking = askingOf({
    query: (asked) => repository.query(asked, undefined, how),
    series: (selector) => repository.series(selector, how),
  });
  const chosen = await chosenOf(parsed.positionals, asking);
  const selector = { ...selectorOf(parsed), points: pointsOf(parsed, await context.onlyServer() !== undefined) };
  let shown: readonly Piece[][] = [];
  let writes = stdout.writes;
  let found: Described[] = [];
  const drawing = await drawingOf(context, parsed);
  const draw = () => {
    if (found.length === 0) return;
    // A message that came below stays, and the next drawing follows it.
    if (stdout.writes === writes) stdout.rewind(rowsOf(shown, stdout.columns));
    shown = drawing.draw(found);
    if (!stdout.isTerminal) stdout.line("");
    writes = stdout.writes;
  };
  Deno.addSignalListener("SIGWINCH", draw);
  let waits = "";
  try {
    for await (const _ of repository.live(NEWS, undefined, how)) {
      const answer = await readOrWait(() => readCurves(asking, chosen, selector));
      if (typeof answer === "string") {
        if (answer !== waits) stderr.line(`dbx: ${waits = answer}`);
        continue;
      }
      found = answer;
      draw();
    }
  } finally {
    Deno.removeSignalListener("SIGWINCH", draw);
    // Below the ^C that the terminal shows.
    if (signal.aborted && stdout.isTerminal) stdout.line("");
  }
  return 0;
}

/** The curves, or why there are none yet. */
async function readOrWait(read: () => Promise<Described[]>): Promise<Described[] | string> {
  try {
    const found = await read();
    return found.length > 0 ? found : "no points yet; waiting";
  } catch (error) {
    // A run that begins may log the series later.
    if (error instanceof UsageError) return `${error.message}; waiting`;
    throw error;
  }
}

/** How many rows lines take on a terminal that has become narrower since they were written. */
function rowsOf(lines: readonly Piece[][], columns: number): number {
  return lines.reduce((sum, line) => {
    const width = line.reduce((all, piece) => all + (typeof piece === "string" ? piece : piece.text).length, 0);
    return sum + Math.max(1, Math.ceil(width / columns));
  }, 0);
}
