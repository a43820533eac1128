import type { Batch } from "../../vectors/vector.ts";
import { EventBatches, LONG, MAX_BATCH_ROWS } from "./batches.ts";
import { eventsIn, inOrder } from "./line_order.ts";
import { EventRows } from "./rows.ts";
import { type EventPart, EventWindows } from "./windows.ts";
import { eventsOfLines, type LineEvent } from "./events_of_lines.ts";
import { IndexedEvents } from "./indexed_events.ts";
import { entityVectors } from "../lines/placed_rows.ts";
import { ReadEvents } from "./read_events.ts";
import type { Scan } from "../scan.ts";
import { countedRows } from "../slices.ts";
import { ascendingInts } from "../../vectors/value_vector.ts";

/** The rows of `events`, in the order of logs and lines. A line is read only where the index does not know what is asked. */
export async function* scanEvents(scan: Scan): AsyncGenerator<Batch> {
  const { logs } = scan.places.snapshot;
  const chosen = await scan.choose("logs") ?? ascendingInts(logs.length);
  const { report } = scan.options;
  if (report !== undefined) [report.chosen, report.of] = [chosen.length, logs.length];
  if (scan.columns.length === 0) return yield* counted(scan, chosen);
  const windows = new EventWindows(scan);
  const events = new EventScan(scan, windows, new EventBatches(scan, await entityVectors(scan, "logs")));
  for (const window of windows.of(chosen)) {
    for (const part of window) yield* "groups" in part ? events.ofPart(part) : events.ofLines(part.log);
    await scan.yielder.checkpoint();
    windows.trim();
  }
  yield* events.flush();
}

/** Rows of which nothing is asked but that they are there. */
async function* counted(scan: Scan, chosen: Int32Array): AsyncGenerator<Batch> {
  let total = 0;
  const { logs } = scan.places.snapshot;
  for (const number of chosen) {
    if (logs.isIndexed(number)) { for (const part of logs.parts(number)!) total += eventsIn(part); }
    else for await (const _ of eventsOfLines(scan, number)) total++;
  }
  if (scan.options.report !== undefined) scan.options.report.rows += total;
  yield* countedRows(total);
}

class EventScan {
  #rows = EventRows.empty();

  constructor(readonly scan: Scan, readonly windows: EventWindows, readonly made: EventBatches) {}

  /** The events of a part of a log, from the index. */
  async *ofPart({ log, pack, part, groups }: EventPart): AsyncGenerator<Batch> {
    const row = this.scan.places.snapshot.logs.at(log);
    const sources = groups.map((group) => new IndexedEvents(log, row, pack, group, this.windows.paths));
    if (sources.length === 1) return yield* this.#ofGroup(sources[0]);
    const { count, order } = inOrder(pack, groups, pack.directory.parts.lines[part]);
    let numbers = sources.map((source) => this.#rows.from(source));
    for (let at = 0; at < count; at++) {
      this.#rows.add(numbers[order!.group[at]], order!.row[at]);
      if (this.#rows.room > 0) continue;
      yield* this.flush();
      numbers = sources.map((source) => this.#rows.from(source));
    }
  }

  async *#ofGroup(source: IndexedEvents): AsyncGenerator<Batch> {
    const { count } = source;
    if (count >= LONG) {
      yield* this.flush();
      for (let from = 0; from < count; from += MAX_BATCH_ROWS) {
        yield* this.#made(EventRows.run(source, from, Math.min(count, from + MAX_BATCH_ROWS)));
      }
      return;
    }
    if (count > this.#rows.room) yield* this.flush();
    const number = this.#rows.from(source);
    for (let row = 0; row < count; row++) this.#rows.add(number, row);
    if (this.#rows.room === 0) yield* this.flush();
  }

  /** The events of a log that the index does not have, or has otherwise. */
  async *ofLines(number: number): AsyncGenerator<Batch> {
    yield* this.flush();
    let events: LineEvent[] = [];
    const batch = () => {
      const { version } = this.scan.places.snapshot.logs.at(number).file;
      const source = new ReadEvents(number, version, events, this.scan.columns);
      events = [];
      return this.#made(EventRows.run(source, 0, source.events.length));
    };
    for await (const event of eventsOfLines(this.scan, number)) {
      if (events.push(event) === LONG) yield* batch();
    }
    yield* batch();
  }

  /** What was collected. */
  async *flush(): AsyncGenerator<Batch> {
    const rows = this.#rows;
    if (rows.count === 0) return;
    this.#rows = EventRows.empty();
    yield* this.#made(rows);
  }

  async *#made(rows: EventRows): AsyncGenerator<Batch> {
    if (rows.count === 0) return;
    const batch = await this.made.batch(rows);
    if (batch.count > 0) yield batch;
    await this.scan.yielder.checkpoint();
  }
}
