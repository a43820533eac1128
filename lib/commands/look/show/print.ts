import { isObject, type Json } from "../../../base/json.ts";
import { isSystemSeries } from "../../../format/events/series_key.ts";
import { chartOf } from "../../../plot/chart.ts";
import { isAddition } from "../../../repo/experiments/addition.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";
import { type Piece, statusColour, styled, textOf } from "../../../terminal/colours.ts";
import type { Output } from "../../../terminal/output.ts";
import { plotLines } from "../../../terminal/plot.ts";
import { printTable } from "../../../terminal/table.ts";
import { bytes, cellsOf, duration, numbersOf } from "../../../terminal/values.ts";
import type { Shown } from "./read.ts";
import { capturedWords } from "./captured.ts";
import { surroundingsWords } from "./surroundings_words.ts";

/** The height of curves and axes. */
const PLOT_ROWS = 17;

/** Prints an experiment or a run. */
export function printShown(out: Output, shown: Shown, hasSystem: boolean): void {
  printDefinition(out, shown);
  printRuns(out, shown);
  printTables(out, shown, hasSystem);
  if (shown.output.length > 0) {
    out.lines(["", "last lines of output:", ...shown.output.map((line) => `  ${line}`)]);
  }
  if (shown.curves.length > 0) {
    const severalRuns = new Set(shown.curves.map(({ run }) => run.id)).size > 1;
    const curves = shown.curves.map(({ key, run, curve }) => {
      return { label: severalRuns ? `${key}  ${run.id}` : key, x: curve.steps, y: curve.values };
    });
    out.lines(["", ...plotLines(chartOf(curves), out, PLOT_ROWS + curves.length)]);
  }
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

function printDefinition(out: Output, { experiment, notes }: Shown): void {
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
  if (notes.deleted) printField(out, "deleted", `yes; dbx restore ${definition.id} shows it in lists again`);
}

function printRuns(out: Output, shown: Shown): void {
  for (const { run, status } of shown.runs) {
    const parts = [
      run.id,
      isAddition(run.definition) ? "added" : styled(statusColour(status.status), status.status),
      status.exitCode ? `exit code ${status.exitCode}` : status.signal ?? "",
      duration(status.durationMs),
      lostWords(status),
      run.definition.hostname ?? "",
      changedWords(run.definition.extra.params, cellsOf(out)),
      (shown.notes.runTags.get(run.id) ?? []).join("  "),
      shown.runs.filter(({ run }) => !isAddition(run.definition)).length > 1 && run.id === shown.run?.id
        ? "(below)"
        : "",
    ];
    printField(
      out,
      "run",
      ...parts.filter((part) => part !== "").flatMap((part, at) => at === 0 ? [part] : ["  ", part]),
    );
  }
  const definition = shown.run?.definition;
  if (definition === undefined) return out.line("no runs yet");
  printField(out, "command", definition.cmd?.join(" ") ?? "");
  printField(out, "folder", definition.pwd ?? "");
  printField(out, "git", gitLine(definition.git ?? {}));
  for (const [label, text] of surroundingsWords(shown.surroundings)) printField(out, label, text);
  for (const [label, text] of capturedWords(shown.captured, cellsOf(out))) printField(out, label, text);
}

/** The params in which a run differs from its experiment. */
function changedWords(params: Json | undefined, cell: (value: Json) => string): string {
  if (!isObject(params)) return "";
  return `with ${Object.entries(params).map(([key, value]) => `${key}=${cell(value)}`).join(" ")}`;
}

/** How many events a run could not keep, and why if it says so. */
function lostWords({ lost, lostReasons = [] }: RunStatus): string {
  if (lost === undefined) return "";
  return `lost ${lost === 1 ? "1 event" : `${lost} events`}${
    lostReasons.length === 0 ? "" : ` (${lostReasons.join("; ")})`
  }`;
}

function gitLine({ commit, branch, dirty, changes: names }: Readonly<Record<string, Json>>): string {
  if (commit === undefined) return "";
  const isNew = Array.isArray(names) && names.length > 0 && names.every((line) => String(line).startsWith("??"));
  const changes = dirty !== true ? "" : isNew ? "with untracked files" : "with uncommitted changes";
  return [String(commit).slice(0, 12), String(branch ?? ""), changes].filter(Boolean).join("  ");
}

function printTables(out: Output, shown: Shown, hasSystem: boolean): void {
  const listed = hasSystem ? shown.series : shown.series.filter(({ key }) => !isSystemSeries(key));
  const hidden = shown.series.length - listed.length;
  if (shown.series.length > 0) out.line("");
  if (listed.length > 0) {
    const number = numbersOf(out);
    const rows = listed.map((
      item,
    ) => [item.key, ...[item.count, item.first, item.last, item.min, item.max].map(number)]);
    printTable(out, ["series", "count", "first", "last", "min", "max"], rows);
  }
  if (hidden > 0) out.line(styled("grey", `${hidden} series of the machine; --system shows them`));
  // Code is counted above; dbx files lists it.
  if (shown.files.length > 0) {
    out.line("");
    const rows = shown.files.map((file) => {
      return [
        String(file.name),
        typeof file.size === "number" ? bytes(file.size) : "",
        String(file.sha256 ?? "").slice(0, 12),
      ];
    });
    printTable(out, ["file", "size", "sha256"], rows);
  }
}
