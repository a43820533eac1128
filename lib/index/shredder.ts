import { messageOf } from "../base/errors.ts";
import { type LogEvent, parseEvent } from "../format/event.ts";
import { patternOf, seriesOf } from "../format/series.ts";
import { Growable } from "./growable.ts";
import { matchTemplate, slotValues, type Template, templateOf } from "./template.ts";

/** More kinds of events, or more series, than a log may have in the index. */
export const MOST_SERIES = 20_000;

/** How many shapes of lines are remembered. */
const MOST_TEMPLATES = 32;

const NEWLINE = 10;

/** The points of one series, in a part of a log. */
export interface SeriesColumns {
  /** The part of its key behind the colon. */
  readonly path: string;
  readonly values: Growable;
  /** The rows of the group that have a point; undefined where each of the first has one. */
  rows: Growable | undefined;
}

/** The events of a part of a log whose names have one pattern; a row an event. Times and steps that are not there are NaN. */
export interface Group {
  readonly pattern: string;
  readonly ts: Growable;
  readonly step: Growable;
  /** From 0 in the part. */
  readonly line: Growable;
  /** Bytes from the start of the part. */
  readonly offset: Growable;
  readonly series: Map<string, SeriesColumns>;
}

/** A line that is no event. */
export interface BadLine {
  /** From 0 in the part. */
  readonly line: number;
  /** Bytes from the start of the part. */
  readonly offset: number;
  readonly message: string;
}

/** A template with the columns that its slots fill. */
interface Bound {
  readonly template: Template;
  readonly group: Group;
  readonly series: readonly SeriesColumns[];
  next: Bound | undefined;
}

/**
 * Takes the lines of a part of a log apart into columns. Lines whose shape was seen before are matched as bytes; any
 * other line is parsed. Groups and series are kept from part to part, emptied, as logs tend to be alike.
 */
export class Shredder {
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
  #version: 0 | 1 = 1;
  #wantsPoints = true;
  #templates: Bound[] = [];
  #next: Bound | undefined;
  #series = 0;
  #tries = 0;

  /** `mostSeries`: more make it overflow. */
  constructor(readonly mostSeries: number = MOST_SERIES) {}

  /** Starts a part. `points`: false for a log whose numbers are no series. */
  begin(version: 0 | 1, points = true): void {
    if (
      version !== this.#version || points !== this.#wantsPoints || this.#series + this.groups.size > this.mostSeries
    ) {
      this.groups.clear();
      this.#templates = [];
      this.#series = 0;
    }
    for (const group of this.groups.values()) {
      group.ts.length =
        group.step.length =
        group.line.length =
        group.offset.length =
          0;
      for (const series of group.series.values()) {
        series.values.length = 0;
        series.rows = undefined;
      }
    }
    this.badLines.length = 0;
    this.lines =
      this.bytes =
      this.points =
      this.untimed =
      this.#tries =
        0;
    this.overflow = false;
    this.#next = undefined;
    this.#version = version;
    this.#wantsPoints = points;
  }

  /** Takes whole lines. */
  feed(buffer: Uint8Array<ArrayBuffer>): void {
    let at = 0;
    while (at < buffer.length) at = this.#line(buffer, at);
    this.bytes += at;
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
      if (end > 0 && this.#add(likely, start)) {
        this.#next = likely.next ?? likely;
        return end;
      }
    }
    for (const bound of this.#templates) {
      if (bound === likely) continue;
      const end = matchTemplate(bound.template, buffer, start);
      if (end < 0 || !this.#add(bound, start)) continue;
      if (likely !== undefined) likely.next = bound;
      this.#next = bound.next ?? bound;
      return end;
    }
    return -1;
  }

  /** Adds the event that matched; false where its time is none. */
  #add({ template, group, series }: Bound, start: number): boolean {
    const ts = template.ts < 0 ? NaN : Math.floor(slotValues[template.ts]);
    if (ts - ts !== 0 && template.ts >= 0) return false;
    const row = group.ts.length;
    group.ts.push(ts);
    if (ts !== ts) this.untimed++;
    const step = template.step >= 0 ? template.step : template.coordinate;
    group.step.push(step < 0 ? NaN : slotValues[step]);
    group.line.push(this.lines);
    group.offset.push(this.bytes + start);
    const { points } = template;
    for (let i = 0; i < points.length; i++) this.#point(series[i], row, slotValues[points[i]]);
    this.points += points.length;
    return true;
  }

  #point(series: SeriesColumns, row: number, value: number): void {
    if (series.rows !== undefined) series.rows.push(row);
    else if (series.values.length !== row) {
      series.rows = new Growable();
      for (let i = 0; i < series.values.length; i++) series.rows.push(i);
      series.rows.push(row);
    }
    series.values.push(value);
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
    const { pattern, coordinates } = patternOf(event.event);
    const group = this.#group(pattern);
    const row = group.ts.length;
    group.ts.push(event.ts ?? NaN);
    if (event.ts === undefined) this.untimed++;
    group.step.push(typeof event.data.step === "number" ? event.data.step : coordinates.at(-1) ?? NaN);
    group.line.push(this.lines);
    group.offset.push(offset);
    if (this.#wantsPoints) {
      for (const { key, value } of seriesOf(event)) {
        this.#point(this.#seriesOf(group, key.slice(pattern.length + 1)), row, value);
        this.points++;
      }
    }
    this.#learn(text);
    if (this.#series + this.groups.size > this.mostSeries) this.overflow = true;
  }

  #group(pattern: string): Group {
    let group = this.groups.get(pattern);
    if (group === undefined) {
      const [ts, step, line, offset] = [new Growable(), new Growable(), new Growable(), new Growable()];
      this.groups.set(pattern, group = { pattern, ts, step, line, offset, series: new Map() });
    }
    return group;
  }

  #seriesOf(group: Group, path: string): SeriesColumns {
    let series = group.series.get(path);
    if (series === undefined) {
      group.series.set(path, series = { path, values: new Growable(), rows: undefined });
      this.#series++;
    }
    return series;
  }

  /** Remembers the shape of a line, unless each line has one of its own. */
  #learn(text: string): void {
    if (text.length > 100_000 || ++this.#tries > 200) return;
    const template = templateOf(text, this.#version);
    if (template === undefined) return;
    const group = this.#group(template.pattern);
    const paths = this.#wantsPoints ? template.paths : [];
    const points = this.#wantsPoints ? template.points : new Int32Array();
    const series = paths.map((path) => this.#seriesOf(group, path));
    const bound: Bound = { template: { ...template, points, paths }, group, series, next: undefined };
    if (this.#templates.length >= MOST_TEMPLATES) this.#templates.splice(MOST_TEMPLATES / 2);
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
