import type { Context } from "../../cli/command.ts";
import { openAsking } from "../../cli/repository/asking.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { chosenOf } from "./plot/chosen.ts";
import type { Described } from "./plot/labels.ts";
import { plotRecord } from "./plot/record.ts";
import { readCurves, whyEmpty } from "./plot/read.ts";
import { isForFiles, isForMachines, type PlotLine, pointsOf, selectorOf } from "./plot/request.ts";
import { drawingOf } from "./plot/show.ts";

/** Draws curves. */
export async function run(context: Context, parsed: PlotLine): Promise<Result | number> {
  if (parsed.options.follow) return await (await import("./plot/follow.ts")).follow(context, parsed);
  const asking = await openAsking(context, parsed.options.all);
  const isRemote = await context.onlyServer() !== undefined;
  const chosen = await chosenOf(parsed.positionals, asking);
  const found = await readCurves(asking, chosen, { ...selectorOf(parsed), points: pointsOf(parsed, isRemote) });
  asking.end();
  if (isForMachines(parsed)) return recordResult(plotRecord(parsed, found));
  if (found.length > 0) await show(context, parsed, found);
  else context.stderr.line(`dbx: ${await whyEmpty(asking, chosen.series)}`);
  return 0;
}

async function show(context: Context, parsed: PlotLine, found: readonly Described[]): Promise<void> {
  if (!isForFiles(parsed)) return void (await drawingOf(context, parsed)).draw(found);
  const { writeFiles } = await import("./plot/files.ts");
  await writeFiles(context, parsed, found);
}
