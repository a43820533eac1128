import type { PartRef } from "../../index/log_index.ts";
import type { Batch } from "../columns/vector.ts";
import type { LogRow } from "../snapshot/snapshot.ts";
import { EventPatterns } from "./event_patterns.ts";
import { eventsIn, inOrder, isIndexed, isOutOfTime } from "./event_places.ts";
import { EventRows } from "./event_rows.ts";
import { EventSource } from "./event_source.ts";
import { EventStages } from "./event_stages.ts";
import { eventsOfLines } from "./events_of_lines.ts";
import { countedRows } from "./slices.ts";
import { type NumberCondition, numberConditions } from "./number_conditions.ts";
import { placeVectors } from "./placed_rows.ts";
import type { Scan } from "./scan.ts";
import { countUp } from "./value_vector.ts";

/** The rows of `events`, in the order of logs and lines. A line is read only where the index does not know what is asked. */
export async function* scanEvents(scan: Scan): AsyncGenerator<Batch> {
  const { logs } = scan.places.snapshot;
  const chosen = await scan.choose("logs") ?? countUp(logs.length);
  const { report } = scan.options;
  if (report !== undefined) [report.chosen, report.of] = [chosen.length, logs.length];
  if (scan.columns.length === 0) return yield* counted(scan, chosen);
  const events = new EventScan(scan, new EventStages(scan, await placeVectors(scan, "logs")));
  for (const number of chosen) {
    const log = logs[number];
    if (isIndexed(log)) { for (const part of log.parts!) yield* events.ofPart(number, part); }
    else yield* events.ofLines(number);
    await scan.breather.pass();
  }
  yield* events.flush();
}

/** Rows of which nothing is asked but that they are there. */
async function* counted(scan: Scan, chosen: Int32Array): AsyncGenerator<Batch> {
  let total = 0;
  for (const number of chosen) {
    const log = scan.places.snapshot.logs[number];
    if (isIndexed(log)) { for (const part of log.parts!) total += eventsIn(part); }
    else for await (const _ of eventsOfLines(scan, number)) total++;
  }
  if (scan.options.report !== undefined) scan.options.report.rows += total;
  yield* countedRows(total);
}

class EventScan {
  readonly #patterns: EventPatterns;
  readonly #times: readonly NumberCondition[];
  #rows = new EventRows();

  constructor(readonly scan: Scan, readonly stages: EventStages) {
    this.#patterns = new EventPatterns(scan);
    const conditions = numberConditions(scan.conditions("rows"), scan.columns, "events");
    this.#times = conditions.filter(({ column }) => column === "ts");
  }

  /** The events of a part of a log, from the index. */
  async *ofPart(number: number, { pack, part }: PartRef): AsyncGenerator<Batch> {
    const { parts, groups, strings } = pack.directory;
    const chosen: number[] = [];
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      if (isOutOfTime(pack, group, this.#times)) continue;
      if (this.#patterns.mayMatch(strings[groups.pattern[group]])) chosen.push(group);
    }
    if (chosen.length === 0) return;
    pack.prefetch(chosen.flatMap((group) => [groups.ts[group], groups.line[group], groups.offset[group]]));
    const { times } = this.#log(number);
    const columns = chosen.map((group) => {
      return {
        ts: times === undefined ? pack.column(groups.ts[group]) : times.fill(pack, group),
        line: pack.column(groups.line[group]),
        offset: pack.column(groups.offset[group]),
        source: new EventSource(pack, group, (name) => this.stages.code(name)),
      };
    });
    const { count, order } = inOrder(pack, chosen, parts.lines[part]);
    const [firstLine, from] = [parts.firstLine[part] + 1, parts.from[part]];
    for (let at = 0; at < count; at++) {
      const { ts, line, offset, source } = columns[order === undefined ? 0 : order.group[at]];
      const row = order === undefined ? at : order.row[at];
      this.#rows.add(number, firstLine + line[row], from + offset[row], ts[row], source, row);
      if (this.#rows.isFull) yield* this.flush();
    }
  }

  /** The events of a log that the index does not have, or has otherwise. */
  async *ofLines(number: number): AsyncGenerator<Batch> {
    for await (const { text, event, line, offset, ts } of eventsOfLines(this.scan, number)) {
      this.#rows.keep(this.#rows.count, text, event);
      this.#rows.add(number, line, offset, ts);
      if (this.#rows.isFull) yield* this.flush();
    }
  }

  /** What was collected. */
  async *flush(): AsyncGenerator<Batch> {
    if (this.#rows.count === 0) return;
    const rows = this.#rows;
    this.#rows = new EventRows();
    const batch = await this.stages.batch(rows);
    if (batch.count > 0) yield batch;
    await this.scan.breather.pass();
  }

  #log(number: number): LogRow {
    return this.scan.places.snapshot.logs[number];
  }
}
