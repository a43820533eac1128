import { isSystemSeries } from "../../format/events/series_key.ts";
import { isObject, type Json } from "../../base/json.ts";
import { type Piece, statusColour, styled, textOf } from "../../terminal/colours.ts";
import type { RunStatus } from "../../repo/logs/run_status.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./show.ts";
import { bytes, cellsOf, duration, numbersOf } from "../../terminal/values.ts";
import type { Output } from "../../terminal/output.ts";
import { isAddition } from "../../repo/experiments/addition.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { plotLines } from "../../terminal/plot.ts";
import { chartOf } from "../../plot/chart.ts";
import { BadLines, warnOfProblems } from "../../cli/repository/problems.ts";
import { surroundingsWords } from "./view/surroundings_words.ts";
import { find, readView, type View } from "./view/show_view.ts";
import { printTable } from "../../terminal/table.ts";

/** The height of curves and axes. */
const PLOT_ROWS = 17;

/** Shows an experiment or a run. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const lines = parsed.options.lines ?? 10;
  const repository = await context.repository();
  const badLines = new BadLines();
  const view = await readView(await find(repository, parsed.positionals[0]), {
    now: context.now,
    lines,
    plots: parsed.options.plot,
    badLines,
    signal: context.signal,
  });
  warnOfProblems(context, repository, badLines);
  return recordResult(asObject(view), { text: (out) => print(out, view, parsed.options.system) });
}

function print(out: Output, view: View, hasSystem: boolean): void {
  printDefinition(out, view);
  printRuns(out, view);
  printTables(out, view, hasSystem);
  if (view.output.length > 0) {
    out.lines(["", "last lines of output:", ...view.output.map((line) => `  ${line}`)]);
  }
  if (view.curves.length > 0) {
    const severalRuns = new Set(view.curves.map(({ run }) => run.id)).size > 1;
    const curves = view.curves.map(({ key, run, curve }) => {
      return { label: severalRuns ? `${key}  ${run.id}` : key, x: curve.steps, y: curve.values };
    });
    out.lines(["", ...plotLines(chartOf(curves), out, PLOT_ROWS + curves.length)]);
  }
}

function asObject(view: View): Readonly<Record<string, unknown>> {
  const { extra, createdAt, ...own } = view.experiment.definition;
  return {
    ...own,
    name: view.notes.name ?? own.name,
    createdAt: Number.isNaN(createdAt) ? null : createdAt,
    ...extra,
    tags: view.notes.tags,
    notes: view.notes.notes,
    deleted: view.notes.deleted,
    runs: view.runs.map(({ run, status }) => ({ ...run.definition, ...status })),
    run: view.run?.id,
    series: view.series,
    files: view.files,
    ...view.surroundings,
    output: view.output,
    ...(view.curves.length > 0
      ? { curves: view.curves.map(({ key, run, curve }) => ({ key, run: run.id, ...curve })) }
      : {}),
  };
}

function printField(out: Output, label: string, ...value: readonly Piece[]): void {
  if (textOf(value) !== "") out.line(`${(label + ":").padEnd(11)} `, ...value);
}

/** A text of several lines: what follows the first is indented, and cannot be taken for anything else. */
function printText(out: Output, label: string, text: string): void {
  const [first, ...rest] = text.split("\n");
  printField(out, label, first);
  out.lines(rest.map((line) => " ".repeat(12) + line));
}

function printDefinition(out: Output, { experiment, notes }: View): void {
  const { definition } = experiment;
  const name = notes.name ?? definition.name;
  printField(out, "experiment", [definition.id, definition.kind, name].filter(Boolean).join("  "));
  if (name !== definition.name) printField(out, "was named", definition.name || "-");
  printField(out, "created", Number.isNaN(definition.createdAt) ? "" : new Date(definition.createdAt).toISOString());
  const cell = cellsOf(out);
  const params = Object.entries(definition.params).map(([key, value]) => `${key}=${cell(value)}`);
  printField(out, "params", params.join("  "));
  for (const [key, value] of Object.entries(definition.extra)) printField(out, key, cell(value));
  printField(out, "tags", notes.tags.join("  "));
  for (const { run, text } of notes.notes) printText(out, run === undefined ? "note" : `note of ${run}`, text);
  if (notes.deleted) printField(out, "deleted", "yes");
}

function printRuns(out: Output, view: View): void {
  for (const { run, status } of view.runs) {
    const parts = [
      run.id,
      isAddition(run.definition) ? "added" : styled(statusColour(status.status), status.status),
      status.exitCode ? `exit code ${status.exitCode}` : status.signal ?? "",
      duration(status.durationMs),
      lostWords(status),
      run.definition.hostname ?? "",
      changedWords(run.definition.extra.params, cellsOf(out)),
      (view.notes.runTags.get(run.id) ?? []).join("  "),
      view.runs.filter(({ run }) => !isAddition(run.definition)).length > 1 && run.id === view.run?.id ? "(below)" : "",
    ];
    printField(
      out,
      "run",
      ...parts.filter((part) => part !== "").flatMap((part, at) => at === 0 ? [part] : ["  ", part]),
    );
  }
  const definition = view.run?.definition;
  if (definition === undefined) return out.line("no runs yet");
  printField(out, "command", definition.cmd?.join(" ") ?? "");
  printField(out, "folder", definition.pwd ?? "");
  printField(out, "git", gitLine(definition.git ?? {}));
  for (const [label, text] of surroundingsWords(view.surroundings)) printField(out, label, text);
}

/** The params in which a run differs from its experiment. */
function changedWords(params: Json | undefined, cell: (value: Json) => string): string {
  if (!isObject(params)) return "";
  return `with ${Object.entries(params).map(([key, value]) => `${key}=${cell(value)}`).join(" ")}`;
}

/** How many events a run could not keep, and why if it says so. */
function lostWords({ lost, lostReasons = [] }: RunStatus): string {
  if (lost === undefined) return "";
  return `lost ${lost} events${lostReasons.length === 0 ? "" : ` (${lostReasons.join("; ")})`}`;
}

function gitLine({ commit, branch, dirty }: Readonly<Record<string, Json>>): string {
  if (commit === undefined) return "";
  const changes = dirty === true ? "with uncommitted changes" : "";
  return [String(commit).slice(0, 12), String(branch ?? ""), changes].filter(Boolean).join("  ");
}

function printTables(out: Output, view: View, hasSystem: boolean): void {
  const shown = hasSystem ? view.series : view.series.filter(({ key }) => !isSystemSeries(key));
  const hidden = view.series.length - shown.length;
  if (view.series.length > 0) out.line("");
  if (shown.length > 0) {
    const number = numbersOf(out);
    const rows = shown.map((
      item,
    ) => [item.key, ...[item.count, item.first, item.last, item.min, item.max].map(number)]);
    printTable(out, ["series", "count", "first", "last", "min", "max"], rows);
  }
  if (hidden > 0) out.line(styled("grey", `${hidden} series of the machine; --system shows them`));
  // Code is counted above; dbx files lists it.
  const files = view.files.filter((file) => !/^(?:code|script|environment)\//.test(String(file.name)));
  if (files.length > 0) {
    out.line("");
    const rows = files.map((file) => {
      return [
        String(file.name),
        typeof file.size === "number" ? bytes(file.size) : "",
        String(file.sha256 ?? "").slice(0, 12),
      ];
    });
    printTable(out, ["file", "size", "sha256"], rows);
  }
}
