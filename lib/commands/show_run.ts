import { NotFoundError } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { didYouMean } from "../base/suggest.ts";
import { encodeValue } from "../format/value.ts";
import { curvesOf, seriesMatcher, type SeriesSummary, summarizeRun } from "../index/series_summary.ts";
import type { Notes } from "../repo/notes.ts";
import { openReader } from "../repo/open.ts";
import type { Run } from "../repo/run.ts";
import type { RunStatus } from "../repo/status.ts";
import type { Context, Parsed } from "./command.ts";
import { bytes, cell, duration, safe, short } from "./format_values.ts";
import { flag, list, number } from "./parse.ts";
import { plot } from "./plot.ts";
import { warnOfProblems } from "./problems.ts";
import { printTable } from "./table_print.ts";

/** All that is shown of one run and its experiment. */
interface View {
  readonly run: Run | undefined;
  readonly runs: readonly { readonly run: Run; readonly status: RunStatus }[];
  readonly notes: Notes;
  readonly series: readonly SeriesSummary[];
  readonly files: readonly JsonObject[];
  readonly output: readonly string[];
}

/** Shows an experiment or a run. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const repository = await openReader(context.repo);
  const [id] = parsed.positionals;
  let wanted: Run | undefined;
  let experiment;
  try {
    wanted = await repository.findRun(id);
    experiment = wanted.experiment;
  } catch (error) {
    // An experiment without a run is still worth showing.
    if (!(error instanceof NotFoundError)) throw error;
    experiment = await repository.findExperiment(id).catch(() => {
      throw error;
    });
  }
  const series = wanted === undefined ? [] : [...(await summarizeRun(wanted, context.signal)).values()];
  const runs = [];
  for (const run of await experiment.runs()) runs.push({ run, status: await run.status(context.now) });
  const view: View = {
    run: wanted,
    runs,
    notes: await experiment.notes(),
    series: series.sort((a, b) => (a.key < b.key ? -1 : 1)),
    files: wanted === undefined ? [] : await filesOf(wanted),
    output: wanted === undefined ? [] : await outputOf(wanted, number(parsed, "lines") ?? 10),
  };
  warnOfProblems(context, repository);
  const { definition } = experiment;
  if (flag(parsed, "json")) {
    const { extra, ...own } = definition;
    const object = {
      ...own,
      ...extra,
      tags: view.notes.tags,
      notes: view.notes.notes,
      deleted: view.notes.deleted,
      runs: view.runs.map(({ run, status }) => ({ ...run.definition, ...status })),
      run: view.run?.id,
      series: view.series,
      files: view.files,
    };
    context.stdout.write(JSON.stringify(encodeValue(object), null, 2) + "\n");
    return 0;
  }
  const print = (label: string, value: string) =>
    value !== "" && context.stdout.write(`${(label + ":").padEnd(11)} ${safe(value)}\n`);
  print("experiment", [definition.id, definition.kind, definition.name].filter(Boolean).join("  "));
  print("created", Number.isNaN(definition.createdAt) ? "" : new Date(definition.createdAt).toISOString());
  print("params", Object.entries(definition.params).map(([key, value]) => `${key}=${cell(value)}`).join("  "));
  for (const [key, value] of Object.entries(definition.extra)) print(key, cell(value));
  print("tags", view.notes.tags.join("  "));
  for (const note of view.notes.notes) print("note", note.text);
  if (view.notes.deleted) print("deleted", "yes");
  printRuns(context, view, print);
  if (view.series.length > 0) {
    context.stdout.write("\n");
    const rows = view.series.map((
      item,
    ) => [item.key, ...[item.count, item.first, item.last, item.min, item.max].map(short)]);
    printTable(context.stdout, ["series", "count", "first", "last", "min", "max"], rows);
  }
  if (view.files.length > 0) {
    context.stdout.write("\n");
    const rows = view.files.map((
      file,
    ) => [cell(file.name), typeof file.size === "number" ? bytes(file.size) : "", cell(file.sha256).slice(0, 12)]);
    printTable(context.stdout, ["file", "size", "sha256"], rows);
  }
  if (view.output.length > 0) {
    context.stdout.write("\nlast lines of output:\n" + view.output.map((line) => `  ${safe(line)}\n`).join(""));
  }
  await drawSeries(context, view, list(parsed, "plot"));
  return 0;
}

function printRuns(context: Context, view: View, print: (label: string, value: string) => unknown): void {
  for (const { run, status } of view.runs) {
    const code = status.exitCode ? `exit code ${status.exitCode}` : status.signal ?? "";
    const mark = view.runs.length > 1 && run.id === view.run?.id ? "(below)" : "";
    print(
      "run",
      [run.id, status.status, code, duration(status.durationMs), run.definition.hostname, mark].filter(Boolean).join(
        "  ",
      ),
    );
  }
  const definition = view.run?.definition;
  if (definition === undefined) return context.stdout.write("no runs yet\n");
  print("command", definition.cmd?.join(" ") ?? "");
  print("folder", definition.pwd ?? "");
  const { commit, branch, dirty } = definition.git ?? {};
  if (commit !== undefined) {
    print(
      "git",
      [cell(commit).slice(0, 12), cell(branch), dirty === true ? "with uncommitted changes" : ""].filter(Boolean).join(
        "  ",
      ),
    );
  }
}

async function drawSeries(context: Context, view: View, names: readonly string[]): Promise<void> {
  if (names.length === 0 || view.run === undefined) return;
  const matchers = names.map(seriesMatcher);
  names.forEach((name, at) => {
    if (view.series.some((item) => matchers[at](item.key))) return;
    const known = view.series.flatMap((item) => [item.key, item.key.slice(item.key.indexOf(":") + 1)]);
    throw new NotFoundError(`Cannot draw "${name}": the run has no such series${didYouMean(name, known)}`);
  });
  const several = view.runs.length > 1;
  const all = [];
  for (const { run } of view.runs) {
    const curves = await curvesOf(run, (key) => matchers.some((matches) => matches(key)), context.signal);
    for (const [key, curve] of curves) all.push({ label: safe(several ? `${key}  ${run.id}` : key), curve });
  }
  context.stdout.write("\n" + plot(all, { columns: context.stdout.columns, colour: context.stdout.colour }));
}

/** The files that a run's events name, the latest of each name. */
async function filesOf(run: Run): Promise<JsonObject[]> {
  const files = new Map<string, JsonObject>();
  for (const name of await run.logs()) {
    if (name === "stdout" || name === "system") continue;
    for await (const batch of run.log(name).batches()) {
      for (const { event, data } of batch) {
        if (event !== "dbx/file" || typeof data.file !== "object") continue;
        files.set(String(data.name), { ...data.file as JsonObject, name: data.name, size: data.size });
      }
    }
  }
  return [...files.values()];
}

async function outputOf(run: Run, count: number): Promise<string[]> {
  if (count <= 0 || !(await run.logs()).includes("stdout")) return [];
  return (await run.log("stdout").last(count)).map((event) => String(event.data.text ?? ""));
}
