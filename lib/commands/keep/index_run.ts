import { UsageError } from "../../base/errors.ts";
import { despiteDamage } from "../../index/despite_damage.ts";
import { FileCatalogue } from "../../query/snapshot/catalogue/file_catalogue.ts";
import { joinTotals } from "../../query/snapshot/bulk/bulk_totals.ts";
import { reportBadLines, type Snapshot, takeSnapshot } from "../../query/snapshot/snapshot.ts";
import { totalsOfLogs } from "../../query/tables/series/log_totals.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./index.ts";
import { bytes } from "../../terminal/values.ts";
import { BadLines, warnOfProblems } from "../../cli/repository/problems.ts";
import { saveCatalogues } from "../../cli/repository/listings.ts";
import { indexProgress } from "../../cli/index_progress.ts";
import { recordResult, type Result } from "../../terminal/result.ts";

/** Makes, compares or removes an index. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const chosen = (["full", "rebuild", "verify", "drop"] as const).filter((name) => parsed.options[name]);
  if (chosen.length > 1) throw new UsageError(`Cannot --${chosen[0]} and --${chosen[1]} at once: choose one`);
  const [source] = await context.sources();
  if (chosen[0] === "drop" || chosen[0] === "rebuild") {
    await source.index.drop();
    if (source.repository.catalogue instanceof FileCatalogue) source.repository.catalogue.drop();
  }
  if (chosen[0] === "drop") return recordResult({ dropped: true });
  // This command writes the index to disk, however small it is.
  source.index.worthWriting = { bytes: 0, logs: 1 };
  const options = { now: context.now, all: true, signal: context.signal, onProgress: indexProgress(context) };
  const how = { ...options, full: chosen[0] === "full" || chosen[0] === "verify", mostClosed: Infinity };
  const needs = { status: false, runs: true, runStatus: false, logs: true };
  if (chosen[0] === "verify") {
    const snapshot = await takeSnapshot([source], { ...needs, columns: false }, how);
    const { differ, behind } = await source.index.verify(snapshot.logs.map(({ file }) => file), options);
    const isRight = differ.length === 0;
    if (!isRight) context.stderr.line("dbx: the index differs from the logs; dbx index --rebuild builds it again");
    return recordResult({ differ, behind }, {
      exitCode: isRight ? 0 : 1,
      text(out) {
        for (const path of differ) out.line(`${path}: the index differs from the log`);
        if (behind.length === 0) return;
        const what = behind.length === 1 ? "one log has" : `${behind.length} logs have`;
        out.line(`${what} lines that the index does not have yet; dbx index --full reads them`);
      },
    });
  }
  return await despiteDamage([source.index], async () => {
    const snapshot = await takeSnapshot([source], { ...needs, columns: true }, { ...how, withoutRead: true });
    saveCatalogues([source]);
    const badLines = new BadLines();
    reportBadLines(snapshot.logs, badLines.add);
    for (const { badLines: count } of snapshot.read) badLines.count += count;
    warnOfProblems(context, source.repository, badLines);
    return report(context, snapshot, source.index.bytesRead, source.index.bytesKept);
  });
}

function report({ stderr }: Context, snapshot: Snapshot, read: number, kept: number): Result {
  const { badLines: _, left, ...counts } = snapshot.read.reduce(joinTotals, totalsOfLogs(snapshot.logs));
  return recordResult({ ...counts, read, kept, left }, {
    text(out) {
      out.line(
        `${counts.logs} logs of ${bytes(counts.bytes)}: ${counts.series} series, ${counts.points} points; ` +
          `read ${bytes(read)} now, ${bytes(kept)} of index on disk`,
      );
      for (const path of left) {
        stderr.line(`dbx: ${path} has too many series for the index; queries read the log itself`);
      }
    },
  });
}
