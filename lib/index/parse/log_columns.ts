import { NEWLINE } from "../../base/lines/lines_in.ts";
import { messageOf } from "../../base/errors.ts";
import type { LogEvent } from "../../format/events/event.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { patternOf } from "../../format/events/series_key.ts";
import { addLine, addLines, type Bound } from "../scanner/bound_template.ts";
import { checksum } from "../encoding/encoding.ts";
import { visitLeaves } from "./leaves.ts";
import {
  type BadLine,
  emptyGroup,
  type Group,
  type LeafColumns,
  MAX_COORDINATES,
  newGroup,
  newLeaf,
  pushLeaf,
  type WordColumns,
} from "../parts/part_columns.ts";
import { LineScanner, type LoadedTemplate, MAX_PIECE_BYTES } from "../scanner/line_scanner.ts";
import { matchTemplate } from "../scanner/line_template.ts";
import { templateOf } from "../scanner/template_builder.ts";
import { WordCodes } from "../parts/word_codes.ts";
import type { WordTable } from "../encoding/word_table.ts";

/** More kinds of events, or more series, than a log may have in the index. */
export const MAX_SERIES = 20_000;

/** More leaves than this that are not series are left out of the index. */
const MAX_LEAVES = 20_000;

/** How many shapes of lines are remembered. */
const MAX_TEMPLATES = 32;

/** So many bytes are matched by a loop before it is worth making a scanner. */
const MIN_BYTES_FOR_SCANNER = 64 * 1024;

/**
 * Takes the lines of a part of a log apart into columns. Lines whose shape was seen before are matched as bytes; any
 * other line is parsed. Groups and series are kept from part to part, emptied, as logs tend to be alike.
 */
export class LogColumns {
  readonly groups: Map<string, Group> = new Map();
  readonly badLines: BadLine[] = [];
  /** Lines and bytes of the part so far. */
  lines = 0;
  bytes = 0;
  /** Points of the part so far. */
  points = 0;
  /** Events of the part so far that have no time. */
  untimed = 0;
  /** Whether there were more series than the index takes; the columns are then not whole. */
  overflow = false;
  /** Whether there were more other leaves than the index takes. */
  leavesOverflow = false;
  readonly #codes = new WordCodes();
  #version: 0 | 1 = 1;
  #wantsPoints = true;
  #templates: Bound[] = [];
  #next: Bound | undefined;
  #series = 0;
  #leaves = 0;
  #tries = 0;
  #scanner: LineScanner | undefined;
  /** What the scanner holds. */
  #loaded: Uint8Array | undefined;
  #fed = 0;

  /** `mostSeries`: more make it overflow. */
  constructor(readonly mostSeries: number = MAX_SERIES) {}

  /** The words that leaves have codes of. */
  get words(): WordTable {
    return this.#codes.table;
  }

  /** Starts a part. `points`: false for a log whose numbers are not series. */
  begin(version: 0 | 1, points = true): void {
    const isFull = this.#series + this.groups.size > this.mostSeries || this.#leaves > MAX_LEAVES;
    if (this.#codes.trim() || version !== this.#version || points !== this.#wantsPoints || isFull) {
      this.groups.clear();
      this.#templates = [];
      this.#scanner?.forget();
      this.#series = this.#leaves = 0;
    }
    if (this.#scanner?.isFull) {
      this.#scanner.forget();
      for (const bound of this.#templates) bound.loaded = undefined;
    }
    for (const group of this.groups.values()) emptyGroup(group);
    this.badLines.length = 0;
    this.lines =
      this.bytes =
      this.points =
      this.untimed =
      this.#tries =
        0;
    this.overflow = this.leavesOverflow = false;
    this.#next = undefined;
    this.#version = version;
    this.#wantsPoints = points;
  }

  /** Takes whole lines. */
  feed(buffer: Uint8Array<ArrayBuffer>): void {
    this.#fed += buffer.length;
    if (this.#fed > MIN_BYTES_FOR_SCANNER) this.#scanner ??= new LineScanner();
    const scanner = buffer.length <= MAX_PIECE_BYTES ? this.#scanner : undefined;
    scanner?.load(buffer);
    this.#loaded = scanner && buffer;
    let at = 0;
    while (at < buffer.length) {
      if (scanner !== undefined) at = this.#scan(scanner, at);
      if (at < buffer.length) at = this.#line(buffer, at);
    }
    this.bytes += at;
  }

  /** Matches lines from a place with the templates that are likely, as far as that goes; where it ends. */
  #scan(scanner: LineScanner, start: number): number {
    let at = start;
    for (let bound = this.#next; bound !== undefined;) {
      const loaded: LoadedTemplate | null = bound.loaded ??= scanner.add(bound.template) ?? null;
      const count = loaded === null ? 0 : scanner.scan(loaded, at);
      if (count === 0) break;
      addLines(bound, loaded!, scanner, count, this, this.#codes);
      this.lines += count;
      this.points += count * bound.points.length;
      if (bound.template.ts < 0) this.untimed += count;
      at = scanner.position;
      if (count < loaded!.most) bound = bound.next ?? bound;
      this.#next = bound;
    }
    return at;
  }

  /** The checksum of what was fed last. */
  checksumOf(buffer: Uint8Array<ArrayBuffer>): number {
    return buffer === this.#loaded ? this.#scanner!.checksum() : checksum(buffer);
  }

  #line(buffer: Uint8Array<ArrayBuffer>, start: number): number {
    let end = this.#match(buffer, start);
    if (end < 0) {
      const feed = buffer.indexOf(NEWLINE, start);
      this.#parse(buffer.subarray(start, feed), this.bytes + start);
      end = feed + 1;
    }
    this.lines++;
    return end;
  }

  #match(buffer: Uint8Array, start: number): number {
    const likely = this.#next;
    if (likely !== undefined) {
      const end = matchTemplate(likely.template, buffer, start);
      if (end > 0 && this.#add(likely, buffer, start)) {
        this.#next = likely.next ?? likely;
        return end;
      }
    }
    for (const bound of this.#templates) {
      if (bound === likely) continue;
      const end = matchTemplate(bound.template, buffer, start);
      if (end < 0 || !this.#add(bound, buffer, start)) continue;
      if (likely !== undefined) likely.next = bound;
      this.#next = bound.next ?? bound;
      return end;
    }
    return -1;
  }

  /** Adds the event that matched; false if its time is invalid. */
  #add(bound: Bound, buffer: Uint8Array, start: number): boolean {
    if (!addLine(bound, buffer, start, this, this.#codes)) return false;
    if (bound.template.ts < 0) this.untimed++;
    this.points += bound.points.length;
    return true;
  }

  #parse(bytes: Uint8Array<ArrayBuffer>, offset: number): void {
    let event: LogEvent;
    let text: string;
    try {
      text = decode(bytes);
      event = parseEvent(text, this.#version);
    } catch (error) {
      this.badLines.push({ line: this.lines, offset, message: messageOf(error) });
      return;
    }
    if (this.overflow) return;
    this.#addEvent(event, offset);
    this.#learn(text);
    if (this.#series + this.groups.size > this.mostSeries) this.overflow = true;
    if (this.#leaves > MAX_LEAVES) this.leavesOverflow = true;
  }

  #addEvent(event: LogEvent, offset: number): void {
    const { pattern, coordinates } = patternOf(event.event);
    const group = this.#group(pattern);
    const row = group.ts.length;
    group.ts.push(event.ts ?? NaN);
    if (event.ts === undefined) this.untimed++;
    group.step.push(typeof event.data.step === "number" ? event.data.step : coordinates.at(-1) ?? NaN);
    group.line.push(this.lines);
    group.offset.push(offset);
    for (let i = 0; i < group.coordinates.length; i++) group.coordinates[i].push(coordinates[i]);
    if (coordinates.length > MAX_COORDINATES || /(?:^|\/)0[0-9]{1,14}(?:\/|$)/.test(event.event)) {
      group.hasOddNames = true;
    }
    visitLeaves(event, {
      number: (path, value, isPoint) => {
        if (isPoint && this.#wantsPoints) {
          pushLeaf(this.#seriesOf(group, path), row, value);
          this.points++;
        } else if (!this.leavesOverflow) pushLeaf(this.#numbersOf(group, path), row, value);
      },
      text: (path, text) => {
        if (this.leavesOverflow) return;
        const leaf = this.#wordsOf(group, path);
        pushLeaf(leaf, row, this.#codes.of(leaf, text));
      },
      code: (path, code) => {
        if (!this.leavesOverflow) pushLeaf(this.#wordsOf(group, path), row, code);
      },
    });
  }

  #group(pattern: string): Group {
    let group = this.groups.get(pattern);
    if (group === undefined) this.groups.set(pattern, group = newGroup(pattern));
    return group;
  }

  #seriesOf({ series }: Group, path: string): LeafColumns {
    let leaf = series.get(path);
    if (leaf === undefined) {
      series.set(path, leaf = newLeaf(path));
      this.#series++;
    }
    return leaf;
  }

  #numbersOf({ numbers }: Group, path: string): LeafColumns {
    let leaf = numbers.get(path);
    if (leaf === undefined) {
      numbers.set(path, leaf = newLeaf(path));
      this.#leaves++;
    }
    return leaf;
  }

  #wordsOf({ words }: Group, path: string): WordColumns {
    let leaf = words.get(path);
    if (leaf === undefined) {
      words.set(path, leaf = { ...newLeaf(path), spent: 0 });
      this.#leaves++;
    }
    return leaf;
  }

  /** Remembers the shape of a line, unless each line has one of its own. */
  #learn(text: string): void {
    if (text.length > 100_000 || ++this.#tries > 200) return;
    const template = templateOf(text, this.#version);
    if (template === undefined) return;
    const group = this.#group(template.pattern);
    const { points, numbers, texts, fixed } = template;
    const bound: Bound = {
      template,
      group,
      points: points.paths.map((path) =>
        this.#wantsPoints ? this.#seriesOf(group, path) : this.#numbersOf(group, path)
      ),
      numbers: numbers.paths.map((path) => this.#numbersOf(group, path)),
      texts: texts.paths.map((path) => this.#wordsOf(group, path)),
      fixed: fixed.map(([path, code]) => [this.#wordsOf(group, path), code] as const),
      next: undefined,
      loaded: undefined,
    };
    if (this.#templates.length >= MAX_TEMPLATES) this.#templates.splice(MAX_TEMPLATES / 2);
    this.#templates.unshift(bound);
    if (this.#next !== undefined) this.#next.next = bound;
    this.#next = bound;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Error("not UTF-8");
  }
}
