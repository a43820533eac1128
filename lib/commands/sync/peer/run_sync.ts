import { messageOf } from "../../../base/errors.ts";
import { parentOf } from "../../../base/paths.ts";
import { isUrl } from "../../../base/server_url.ts";
import { classifyPath } from "../../../format/layout/file_kind.ts";
import { experimentOfFolder, experimentOfNotes } from "../../../format/layout/name_tests.ts";
import { OBJECTS_FOLDER } from "../../../format/layout/names.ts";
import type { FileIssue, Store } from "../../../store/store.ts";
import { selects } from "../../../sync/select.ts";
import { sync, type SyncOptions, type SyncReport } from "../../../sync/sync.ts";
import type { Transferred } from "../../../sync/transfer/transfer.ts";
import { watch } from "../../../sync/watch.ts";
import type { Context } from "../../../cli/command.ts";
import { printStyle } from "../../../cli/print_options.ts";
import { printRecord } from "../../../terminal/printer.ts";
import { type PrintStyle, type RecordResult, recordResult, type Result } from "../../../terminal/result.ts";
import { bytes } from "../../../terminal/values.ts";
import { checkOptions, limitOf, selectionOf, type SyncArgs } from "../push_and_sync_options.ts";
import { syncProgress } from "./progress.ts";

/**
 * Synchronises two stores as a command line says, and reports what came of it. `create`: the second one
 * is made where there is none.
 */
export async function runSync(
  context: Context,
  parsed: SyncArgs,
  [a, b]: readonly [Store, Store],
  direction: NonNullable<SyncOptions["direction"]>,
  create = true,
): Promise<Result | number> {
  checkOptions(parsed);
  const select = selectionOf(parsed, context.now);
  const options: SyncOptions = {
    direction,
    create,
    select: selects(select) ? select : undefined,
    objects: parsed.options.objects,
    objectsOnly: parsed.options["objects-only"],
    purges: parsed.options.purges,
    verify: parsed.options.verify,
    dryRun: parsed.options["dry-run"],
    limit: limitOf(parsed),
    signal: context.signal,
  };
  if (!parsed.options.watch) {
    const progress = syncProgress(context.stderr);
    let report: SyncReport;
    try {
      report = await sync(a, b, { ...options, onProgress: progress.update });
    } finally {
      progress.clear();
    }
    return resultOf(context, parsed, report, [a, b]);
  }
  let exitCode = 0;
  const style = printStyle(parsed.options);
  // Each report is a line.
  const each: PrintStyle = style.format === "json" ? { ...style, format: "jsonl" } : style;
  await watch(a, b, {
    ...options,
    signal: context.signal,
    onReport(report) {
      exitCode = Math.max(exitCode, printRecord(context.stdout, each, resultOf(context, parsed, report, [a, b])));
    },
    onTrouble: (error) => context.stderr.line(`dbx: ${messageOf(error)}; trying again`),
  });
  return exitCode;
}

/** A report as a result. Exit code 1 where something is not as it should be. */
function resultOf(
  context: Context,
  { options }: SyncArgs,
  report: SyncReport,
  stores: readonly [Store, Store],
): RecordResult {
  const { sent, received, setbacks, purged, kept } = report;
  const shown = ({ files, bytes, experiments, planned }: Transferred) => ({ files, bytes, experiments, planned });
  reportFileIssues(context.stderr, setbacks);
  return recordResult({ sent: shown(sent), received: shown(received), setbacks, purged, kept }, {
    exitCode: setbacks.length > 0 ? 1 : 0,
    text(out) {
      const dry = options["dry-run"];
      for (const [from, transferred] of [[stores[0], sent], [stores[1], received]] as const) {
        out.lines(plannedLines(transferred.planned ?? []));
        const to = from === stores[0] ? stores[1] : stores[0];
        if (transferred.files > 0) out.line(`${line(transferred, dry)}: ${from.location} -> ${to.location}`);
      }
      const purges = reportPurges(context, report, stores, dry);
      if (sent.files + received.files + purges === 0 && setbacks.length === 0) out.line("already up to date");
    },
  });
}

/** Says what was purged on a side because the other one had, and what was not. Returns how much there was to say. */
function reportPurges(
  { stdout, stderr }: Context,
  { purged = [[], []], kept = [[], []] }: SyncReport,
  stores: readonly [Store, Store],
  dry: boolean,
): number {
  for (const at of [0, 1]) {
    const [here, there] = [stores[at].location, stores[1 - at].location];
    if (purged[at].length > 0) {
      stdout.line(`${dry ? "would purge" : "purged"} ${named(purged[at])} in ${here}, as in ${there}`);
    }
    if (kept[at].length === 0) continue;
    stderr.line(
      `dbx: ${here} still has ${named(kept[at])}, which ${there} has purged; ${howToDrop(here, kept[at])}`,
    );
  }
  return purged[0].length + purged[1].length;
}

/** What removes from a copy what another one has purged. */
function howToDrop(location: string, ids: readonly string[]): string {
  return isUrl(location)
    ? `with a token of the role control, dbx rm --purge ${
      ids.length === 1 ? ids[0] : "ID …"
    } --repo ${location} removes it`
    : "dbx sync without --no-purges removes it there";
}

/** Some ids, of which the first few are named. */
function named(ids: readonly string[]): string {
  const few = ids.slice(0, 3).join(", ");
  return ids.length > 3 ? `${few} and ${ids.length - 3} more` : few;
}

/** Of many files with one and the same fault, so many are named. */
const MAX_NAMED_FILES = 5;

/** Says what went wrong. */
function reportFileIssues(stderr: Context["stderr"], setbacks: readonly FileIssue[]): void {
  const counts = new Map<string, number>();
  for (const setback of setbacks) {
    const key = `${setback.kind} ${setback.message}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= MAX_NAMED_FILES) stderr.line(`dbx: ${sentence(setback)}`);
  }
  for (const [key, count] of counts) {
    const at = key.indexOf(" ");
    if (count > MAX_NAMED_FILES) {
      stderr.line(`dbx: and ${count - MAX_NAMED_FILES} more files (${key.slice(0, at)}): ${key.slice(at + 1)}`);
    }
  }
}

function line({ files, bytes: count, experiments }: Transferred, dry: boolean): string {
  const few = experiments === 0 ? "" : experiments === 1 ? ", 1 new experiment" : `, ${experiments} new experiments`;
  return `${dry ? "would transfer " : ""}${files} ${files === 1 ? "file" : "files"}, ${bytes(count)}${few}`;
}

/** What would be transferred: a line for each experiment, one for the contents of files, and the other names. */
function plannedLines(planned: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of planned) {
    const group = classifyPath(name) === "object" ? OBJECTS_FOLDER : folderOf(name) || name;
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return Array.from(counts, ([group, count]) => `${group}  ${count} ${count === 1 ? "file" : "files"}`);
}

/** The folder of a file's experiment, by the look of its name; `""` for a file of the repository. */
function folderOf(name: string): string {
  return experimentOfNotes(name) ?? experimentOfFolder(parentOf(name));
}

/** What to do about a setback. */
const ADVICE: Readonly<Record<FileIssue["kind"], string>> = {
  diverged: "; if dbx check finds that one is damaged, remove that copy of it and synchronise again",
  damaged: "; remove that copy of it and synchronise with one that has it intact",
  retry: "; synchronise again",
  refused: "",
  failed: "; synchronise again once that is fixed",
};

function sentence({ name, kind, message }: FileIssue): string {
  return `${name} (${kind}): ${message}${ADVICE[kind]}`;
}
