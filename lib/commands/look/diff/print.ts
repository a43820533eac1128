import type { Json } from "../../../base/json.ts";
import type { Diff } from "../../../compare/diff/diff.ts";
import type { DiffRow } from "../../../compare/diff/rows.ts";
import type { Subject } from "../../../compare/diff/subject.ts";
import { type Colour, type Piece, statusColour, styled } from "../../../terminal/colours.ts";
import type { Output } from "../../../terminal/output.ts";
import { cutTo, width } from "../../../terminal/table.ts";
import { cellsOf, duration, short } from "../../../terminal/values.ts";

/** A value gets at least this much room before the subjects are folded into several blocks, and at most as much as the second. */
const MIN_VALUE = 14;
const MAX_VALUE = 48;
/** The room for the names of what is compared, as a part of the terminal. */
const KEY_PART = 0.4;
const GAP = 2;

/** Prints what differs, section by section; subjects that do not fit side by side follow in further blocks. */
export function printDiff(
  out: Output,
  { subjects, rows: found }: Diff,
  { all, patch }: { readonly all: boolean; readonly patch: boolean },
): void {
  const rows = all ? found : found.filter((row) => !printsAlike(row));
  if (rows.length === 0) out.line("no differences");
  const table = rows.length === 0 ? undefined : tableOf({ subjects, rows }, cellsOf(out));
  if (table !== undefined) {
    const columns = out.isTerminal ? out.columns : Infinity;
    const blocks = blocksOf(table, columns);
    blocks.forEach((block, at) => {
      if (at > 0) out.line();
      out.lines(linesOf(table, block));
    });
  }
  if (patch) printPatches(out, subjects);
}

/** All cells of the table, as texts. */
interface Table {
  readonly rows: readonly DiffRow[];
  readonly heads: readonly string[];
  readonly keys: readonly string[];
  /** By row, then by column. The last column is the difference, where there is one. */
  readonly cells: readonly (readonly string[])[];
  readonly hasDifference: boolean;
}

/** The columns of a block, and how wide what stands in it is. */
interface Block {
  readonly columns: readonly number[];
  readonly widths: readonly number[];
  readonly keyWidth: number;
}

function tableOf({ subjects, rows }: Diff, cell: (value: Json) => string): Table {
  const heads = subjects.map(({ experiment, run, isRun }) => isRun ? run! : experiment);
  const differences = rows.map(({ section, values }) => section === "metrics" ? differenceOf(values) : "");
  const hasDifference = differences.some((text) => text !== "");
  return {
    rows,
    heads: hasDifference ? [...heads, ""] : heads,
    keys: rows.map(({ key }) => key),
    cells: rows.map((row, at) => {
      const texts = row.values.map((value) => cellOf(row, value, cell));
      return hasDifference ? [...texts, differences[at]] : texts;
    }),
    hasDifference,
  };
}

function cellOf(
  { section, key }: Pick<DiffRow, "section" | "key">,
  value: Json | undefined,
  cell: (value: Json) => string,
): string {
  if (value === undefined) return "-";
  if (section === "experiment" && key === "duration" && typeof value === "number") return duration(value);
  if (section === "experiment" && key === "created") return String(value).slice(0, 16).replace("T", " ");
  if (section === "code" && key === "commit" && typeof value === "string") return value.slice(0, 12);
  if (section === "code" && key === "changes" && isTexts(value)) return changesText(value);
  return cell(value);
}

function isTexts(value: Json): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

/** Whether times that differ are printed as the same. */
function printsAlike({ section, key, values }: DiffRow): boolean {
  if (section !== "experiment" || key !== "created" && key !== "duration") return false;
  const texts = values.map((value) => cellOf({ section, key }, value, String));
  return texts.every((text) => text === texts[0]);
}

/** What `git status --porcelain` says of files, in words: `train.py changed, new.py new`. */
function changesText(lines: readonly string[]): string {
  return lines.map((line) => {
    // The first line has lost the space that it begins with.
    const [, code, path] = /^ ?(\S{1,2}) +(.*)$/.exec(line) ?? [line, "", line];
    const word = Object.entries(CHANGES).find(([letter]) => code.includes(letter))?.[1] ?? "changed";
    return `${path} ${word}`;
  }).join(", ");
}

const CHANGES = { "?": "new", U: "unmerged", D: "deleted", R: "renamed", C: "copied", A: "added" };

/** By how much the second of two numbers is another one than the first. */
function differenceOf(values: readonly (Json | undefined)[]): string {
  const [a, b] = values;
  if (values.length !== 2 || typeof a !== "number" || typeof b !== "number") return "";
  const difference = b - a;
  if (!Number.isFinite(difference) || difference === 0) return "";
  const part = difference / Math.abs(a) * 100;
  const sign = difference > 0 ? "+" : "";
  const percent = Number.isFinite(part) ? ` (${sign}${short(Number(part.toPrecision(3)))} %)` : "";
  return `${sign}${short(Number(difference.toPrecision(4)))}${percent}`;
}

/** Folds the columns into blocks that fit. */
function blocksOf({ heads, keys, cells }: Table, room: number): Block[] {
  const keyWidth = Math.min(Math.max(...keys.map(width)) + GAP, Math.max(MIN_VALUE, Math.floor(room * KEY_PART)));
  const left = room - keyWidth - GAP;
  const own = heads.map((head, at) => {
    const widest = Math.max(width(head), ...cells.map((row) => width(row[at])));
    return room === Infinity ? widest : Math.min(widest, MAX_VALUE, Math.max(MIN_VALUE, left));
  });
  const all = [...heads.keys()];
  const total = (widths: readonly number[]) => widths.reduce((sum, size) => sum + size + GAP, -GAP);
  if (total(own) <= left) return [{ columns: all, widths: own, keyWidth }];
  // Narrower values before further blocks.
  const even = Math.floor((left + GAP) / heads.length) - GAP;
  if (even >= MIN_VALUE) return [{ columns: all, widths: shared(own, left), keyWidth }];
  const each = Math.max(1, Math.floor((left + GAP) / (MIN_VALUE + GAP)));
  const blocks: Block[] = [];
  for (let from = 0; from < all.length; from += each) {
    const columns = all.slice(from, from + each);
    blocks.push({ columns, widths: shared(columns.map((at) => own[at]), left), keyWidth });
  }
  return blocks;
}

/** Widths that are together no more than there is room: the widest give way. */
function shared(wanted: readonly number[], room: number): number[] {
  let cap = Math.max(...wanted);
  const widths = () => wanted.map((size) => Math.min(size, cap));
  while (cap > 1 && widths().reduce((sum, size) => sum + size + GAP, -GAP) > room) cap--;
  return widths();
}

function* linesOf({ rows, heads, keys, cells }: Table, { columns, widths, keyWidth }: Block): Generator<Piece[]> {
  const line = (head: string, texts: readonly string[], colours: readonly (Colour | undefined)[]) => {
    const padded = columns.map((_, index) => pad(texts[index], widths[index]));
    const last = padded.findLastIndex((text) => text.trim() !== "");
    const shown = padded.slice(0, last + 1).map((text, index) => index === last ? text.trimEnd() : text);
    const start = cutInside(head, keyWidth);
    const gap = shown.length === 0 ? "" : " ".repeat(keyWidth - width(start));
    return [start, gap, ...shown.flatMap((text, index) => ["  ", styled(colours[index], text)])];
  };
  yield line("", columns.map((column) => heads[column]), columns.map(() => "bold" as const));
  let section = "";
  for (const [at, row] of rows.entries()) {
    if (row.section !== section) yield [styled("bold", row.section)];
    section = row.section;
    const texts = columns.map((column) => cells[at][column]);
    const colours = columns.map((column, index) => {
      if (row.section === "experiment" && row.key === "status") return statusColour(texts[index]);
      return column > 0 && row.differs && cells[at][column] !== cells[at][0] ? "yellow" as const : undefined;
    });
    yield line(`  ${keys[at]}`, texts, colours);
  }
}

/** Cuts a name inside: what distinguishes it stands at its end as a rule. */
function cutInside(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const characters = [...text];
  const end: string[] = [];
  for (let left = Math.floor(columns * 0.6); characters.length > 0;) {
    left -= width(characters.at(-1)!);
    if (left < 0) break;
    end.unshift(characters.pop()!);
  }
  const tail = end.join("");
  return cutTo(characters.join(""), columns - width(tail)) + tail;
}

function pad(text: string, columns: number): string {
  const cut = cutTo(text, columns);
  return cut + " ".repeat(Math.max(0, columns - width(cut)));
}

function printPatches(out: Output, subjects: readonly Subject[]): void {
  const patches = subjects.map(({ patch = "" }) => patch);
  if (patches.every((patch) => patch === patches[0])) return;
  for (const { experiment, run, isRun, patch } of subjects) {
    out.line();
    out.line(styled("bold", `uncommitted changes of ${isRun ? run : experiment}`));
    if (patch === undefined) out.line("none were kept");
    else out.lines(patch.trimEnd().split("\n").map((line) => styled(patchColour(line), line)));
  }
}

function patchColour(line: string): Colour | undefined {
  if (/^(?:\+\+\+|---|diff |index )/.test(line)) return "bold";
  return line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : line.startsWith("@@") ? "cyan" : undefined;
}
