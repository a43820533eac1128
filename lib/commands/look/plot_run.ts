import type { Context } from "../../cli/command.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { chosenOf } from "./plot/chosen.ts";
import type { Described } from "./plot/labels.ts";
import { plotRecord } from "./plot/record.ts";
import { readCurves, whyEmpty } from "./plot/read.ts";
import { readerOf } from "./plot/reader.ts";
import { isForFiles, isForMachines, type PlotLine, pointsOf, selectorOf } from "./plot/request.ts";
import { drawnLines } from "./plot/show.ts";

/** Draws curves. */
export async function run(context: Context, parsed: PlotLine): Promise<Result | number> {
  const reader = await readerOf(context, parsed.options.all);
  const chosen = await chosenOf(parsed.positionals, reader);
  const found = await readCurves(reader, chosen, { ...selectorOf(parsed), points: pointsOf(parsed, reader.isRemote) });
  reader.end();
  if (isForMachines(parsed)) return recordResult(plotRecord(parsed, found));
  if (found.length > 0) await show(context, parsed, found);
  else context.stderr.line(`dbx: ${await whyEmpty(reader, chosen.series)}`);
  return 0;
}

async function show(context: Context, parsed: PlotLine, found: readonly Described[]): Promise<void> {
  if (!isForFiles(parsed)) return context.stdout.lines(drawnLines(context, parsed, found));
  const { writeFiles } = await import("./plot/files.ts");
  await writeFiles(context, parsed, found);
}
