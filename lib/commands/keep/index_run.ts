import { UsageError } from "../../base/errors.ts";
import { despiteDamage } from "../../index/despite_damage.ts";
import { FileCatalogue } from "../../query/snapshot/catalogue/file_catalogue.ts";
import { joinTotals } from "../../query/snapshot/bulk/bulk_totals.ts";
import { reportBadLines, type Snapshot, takeSnapshot } from "../../query/snapshot/snapshot.ts";
import { totalsOfLogs } from "../../query/tables/series/log_totals.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { bytes } from "../../terminal/values.ts";
import { flag } from "../../cli/parse.ts";
import { BadLines, warnOfProblems } from "../../cli/repository/problems.ts";
import { saveCatalogues } from "../../cli/repository/listings.ts";
import { indexProgress } from "../../cli/index_progress.ts";
import { openSources } from "../../cli/repository/sources.ts";

/** Makes, compares or removes an index. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const chosen = ["full", "rebuild", "verify", "drop"].filter((name) => flag(parsed, name));
  if (chosen.length > 1) throw new UsageError(`Cannot --${chosen[0]} and --${chosen[1]} at once: choose one`);
  const [source] = await openSources(context);
  if (chosen[0] === "drop" || chosen[0] === "rebuild") {
    await source.index.drop();
    if (source.repository.catalogue instanceof FileCatalogue) source.repository.catalogue.drop();
  }
  if (chosen[0] === "drop") return 0;
  // Who asks for an index wants it on the disk, however small.
  source.index.worthWriting = { bytes: 0, logs: 1 };
  const options = { now: context.now, all: true, signal: context.signal, onProgress: indexProgress(context) };
  const how = { ...options, full: chosen[0] === "full" || chosen[0] === "verify", mostClosed: Infinity };
  const needs = { status: false, runs: true, runStatus: false, logs: true, stdout: false };
  if (chosen[0] === "verify") {
    const snapshot = await takeSnapshot([source], { ...needs, columns: false }, how);
    const { differ, behind } = await source.index.verify(snapshot.logs.map(({ file }) => file), options);
    if (flag(parsed, "json")) context.stdout.json({ differ, behind }, 2);
    else {
      for (const path of differ) context.stdout.line(`${path}: the index differs from the log`);
      if (behind.length > 0) {
        const what = behind.length === 1 ? "one log has" : `${behind.length} logs have`;
        context.stdout.line(`${what} lines that the index does not have yet; dbx index --full reads them`);
      }
    }
    if (differ.length === 0) return 0;
    context.stderr.line("dbx: the index differs from the logs; dbx index --rebuild builds it again");
    return 1;
  }
  await despiteDamage([source.index], async () => {
    const snapshot = await takeSnapshot([source], { ...needs, columns: true }, { ...how, withoutRead: true });
    saveCatalogues([source]);
    const badLines = new BadLines();
    reportBadLines(snapshot.logs, badLines.add);
    for (const { badLines: count } of snapshot.read) badLines.count += count;
    warnOfProblems(context, source.repository, badLines);
    report(context, snapshot, flag(parsed, "json"), source.index.bytesRead, source.index.bytesKept);
  });
  return 0;
}

function report(context: Context, snapshot: Snapshot, asJson: boolean, read: number, kept: number): void {
  const all = snapshot.read.reduce(joinTotals, totalsOfLogs(snapshot.logs));
  if (asJson) {
    const { badLines: _, left, ...counts } = all;
    context.stdout.json({ ...counts, read, kept, left }, 2);
    return;
  }
  context.stdout.line(
    `${all.logs} logs of ${bytes(all.bytes)}: ${all.series} series, ${all.points} points; ` +
      `read ${bytes(read)} now, ${bytes(kept)} of index on disk`,
  );
  for (const path of all.left) {
    context.stderr.line(`dbx: ${path} has too many series for the index; queries read the log itself`);
  }
}
