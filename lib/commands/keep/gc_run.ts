import { UsageError } from "../../base/errors.ts";
import {
  collectGarbage,
  type GcPlan,
  type GcReport,
  type GoneExperiment,
  type GoneFile,
  type Held,
  type HeldFiles,
} from "../../repo/gc/gc.ts";
import { openReader } from "../../repo/open.ts";
import { formatProblem } from "../../repo/problems/problem.ts";
import { PrefetchedStore } from "../../store/local/prefetched_store.ts";
import type { Output } from "../../terminal/output.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./gc.ts";
import { bytes } from "../../terminal/values.ts";
import { catalogueOf } from "../../cli/repository/repository.ts";
import { warnOfMarker } from "../../cli/repository/problems.ts";
import { durationOption } from "../../cli/duration_option.ts";
import { isForPeople } from "../../cli/print_options.ts";
import { progressLine } from "../../terminal/progress.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { printTable } from "../../terminal/table.ts";

/** Problems that are printed before the rest is only counted. */
const MAX_PROBLEMS = 20;

/** Runs that are named as still writing before the rest is only counted. */
const MAX_RUNS = 3;

/** Collects garbage. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const store = new PrefetchedStore(context.repo);
  const repository = await openReader(store, { catalogue: catalogueOf(context) });
  if (repository.version === 0) {
    throw new UsageError(`Cannot collect garbage in ${context.repo}: it is in format v0, which dbx does not write`);
  }
  warnOfMarker(context, repository);
  const dryRun = parsed.options["dry-run"];
  const olderThan = parsed.options["older-than"] ?? "30d";
  const forPeople = isForPeople(parsed.options);
  const { stderr, stdout } = context;
  const draw = progressLine(stderr);
  const result = await collectGarbage(repository, store, {
    olderThan: durationOption(olderThan, "older-than"),
    now: context.now,
    dryRun,
    force: parsed.options.force,
    signal: context.signal,
    onProgress({ experiments }) {
      draw(() => `looked at ${experiments} experiments`);
    },
    onWait: () => stderr.line("dbx: another dbx gc is running here; waiting for it"),
    onPlan(plan) {
      stderr.clear();
      if (forPeople && !plan.refused) printPlan(stdout, plan, dryRun);
    },
  });
  for (const problem of result.problems.slice(0, MAX_PROBLEMS)) {
    stderr.line(`dbx: ${formatProblem(problem)}`);
  }
  const more = result.problems.length - MAX_PROBLEMS;
  if (more > 0) stderr.line(`dbx: and ${more} more; dbx check lists what is damaged`);
  const { plan, purged, problems, experiments, objects, files } = result;
  if (plan.refused) {
    stderr.line(
      `dbx: Cannot collect garbage in ${context.repo}: a check finds damage, so nothing was removed; ` +
        `restore it from another copy (dbx sync), or use --force`,
    );
  }
  return recordResult(asRecord(result, dryRun), {
    exitCode: plan.refused || problems.some(({ kind }) => kind === "not-removed") ? 1 : 0,
    text(out) {
      if (purged.length > 0) out.line(`removed remains of an earlier purge: ${purged.join(", ")}`);
      if (plan.refused) return;
      if (isEmpty(plan)) {
        if (purged.length === 0) out.line("nothing to remove");
        return printHeld(out, plan.held, olderThan);
      }
      const runs = experiments.length === 0 ? "" : `the runs of ${counted(experiments.length, "experiment")}, `;
      const what = `${runs}${counted(objects, "object")}`;
      out.line(`${dryRun ? "would remove" : "removed"} ${what}: ${counted(files, "file")}, ${bytes(result.bytes)}`);
      printHeld(out, plan.held, olderThan);
    },
  });
}

/** Says what goes, before it goes. */
function printPlan(out: Output, { experiments, objects, unfinished }: GcPlan, dryRun: boolean): void {
  const rows = experiments.filter(hasRuns).map((one) => [
    one.id,
    one.kind,
    one.name,
    new Date(Math.min(one.deletedAt, 8.64e15)).toISOString().slice(0, 16).replace("T", " "),
    String(one.files),
    bytes(one.bytes),
  ]);
  const unkept = objects.filter(({ isUnkept }) => isUnkept);
  const waste = objects.filter(({ isUnkept }) => !isUnkept);
  const others: readonly [string, readonly GoneFile[]][] = [
    ["files not kept", unkept],
    ["objects", waste],
    ["unfinished files", unfinished],
  ];
  for (const [what, files] of others) {
    if (files.length === 0) continue;
    rows.push([what, "", "", "", String(files.length), bytes(files.reduce((sum, file) => sum + file.bytes, 0))]);
  }
  if (rows.length === 0) return;
  out.line(dryRun ? "would remove:" : "removing:");
  printTable(out, ["experiment", "kind", "name", "deleted", "files", "size"], rows);
}

/** Says what stays for now, and why. */
function printHeld(out: Output, { experiments, young, running, unreferred, runs }: Held, olderThan: string): void {
  const held = (what: string, why: string) => out.line(`held back: ${what}: ${why}`);
  const files = ({ count, bytes: size }: HeldFiles) => `${counted(count, "file")}, ${bytes(size)}`;
  if (experiments > 0) held(counted(experiments, "deleted experiment"), `deleted less than ${olderThan} ago`);
  if (young.count > 0) held(files(young), "put less than two seconds ago");
  if (running.count > 0) {
    const more = runs.length > MAX_RUNS ? ` and ${runs.length - MAX_RUNS} more` : "";
    const who = `${runs.slice(0, MAX_RUNS).join(", ")}${more}`;
    held(files(running), `put less than an hour ago, and a run that may still be writing may refer to them: ${who}`);
  }
  if (unreferred.count > 0) {
    held(files(unreferred), `nothing refers to them, but they were put less than ${olderThan} or ten minutes ago`);
  }
}

/** Whether something of it is left to go: the definition stays, and may have been all there was. */
function hasRuns({ files }: GoneExperiment): boolean {
  return files > 0;
}

function isEmpty({ experiments, objects, unfinished }: GcPlan): boolean {
  return !experiments.some(hasRuns) && objects.length === 0 && unfinished.length === 0;
}

/** The result for machines. Of a dry run nothing is removed; `planned` says what would be. */
function asRecord(
  { plan, experiments, objects, files, bytes, purged, problems }: GcReport,
  dryRun: boolean,
): Record<string, unknown> {
  const sum = (gone: readonly { readonly bytes: number }[]) => ({
    count: gone.length,
    bytes: gone.reduce((total, file) => total + file.bytes, 0),
  });
  return {
    dryRun,
    refused: plan.refused,
    planned: {
      experiments: plan.experiments.filter(hasRuns),
      objects: sum(plan.objects),
      unkept: sum(plan.objects.filter(({ isUnkept }) => isUnkept)),
      unfinished: sum(plan.unfinished),
    },
    held: plan.held,
    removed: dryRun ? { experiments: [], objects: 0, files: 0, bytes: 0 } : { experiments, objects, files, bytes },
    purged,
    problems,
  };
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
