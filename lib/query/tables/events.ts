import { parseEvent } from "../../format/event.ts";
import type { PartRef } from "../../index/log_index.ts";
import type { Batch } from "../columns/vector.ts";
import type { LogRow } from "../snapshot/snapshot.ts";
import { nameOfPattern } from "./event_names.ts";
import { EventPatterns } from "./event_patterns.ts";
import { inOrder, isIndexed, isOutOfTime } from "./event_places.ts";
import { EventRows } from "./event_rows.ts";
import { EventStages } from "./event_stages.ts";
import { linesIn, wholeLines } from "./log_lines.ts";
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
  const events = new EventScan(scan, new EventStages(scan, await placeVectors(scan, "logs")));
  for (const number of chosen) {
    const log = logs[number];
    if (isIndexed(log)) { for (const part of log.parts!) yield* events.ofPart(number, part); }
    else yield* events.ofLines(number);
    await scan.breather.pass();
  }
  yield* events.flush();
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
      const name = nameOfPattern(strings[groups.pattern[group]]);
      return {
        ts: times === undefined ? pack.column(groups.ts[group]) : times.fill(pack, group),
        line: pack.column(groups.line[group]),
        offset: pack.column(groups.offset[group]),
        name: name === undefined ? -1 : this.stages.code(name),
      };
    });
    const { count, order } = inOrder(pack, chosen, parts.lines[part]);
    const [firstLine, from] = [parts.firstLine[part] + 1, parts.from[part]];
    for (let at = 0; at < count; at++) {
      const { ts, line, offset, name } = columns[order === undefined ? 0 : order.group[at]];
      const row = order === undefined ? at : order.row[at];
      this.#rows.add(number, firstLine + line[row], from + offset[row], ts[row], name);
      if (this.#rows.isFull) yield* this.flush();
    }
  }

  /** The events of a log that the index does not have, or has otherwise. */
  async *ofLines(number: number): AsyncGenerator<Batch> {
    const { run, name, file: { path, size, version }, times } = this.#log(number);
    const { signal, report } = this.scan.options;
    let lines = 1;
    for await (const { bytes, offset } of wholeLines(run.run.log(name).store, path, size, signal)) {
      if (report !== undefined) report.bytes += bytes.length;
      for (const { text, line, start } of linesIn(bytes)) {
        const event = this.#parsed(text, version, path, lines + line, offset + start);
        if (event === undefined) continue;
        this.#rows.keep(this.#rows.count, text, event);
        this.#rows.add(number, lines + line, offset + start, event.ts ?? times?.at(offset + start) ?? NaN, -1);
        if (this.#rows.isFull) yield* this.flush();
      }
      lines += linesOf(bytes);
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

  #parsed(text: string, version: 0 | 1, path: string, line: number, offset: number) {
    try {
      return parseEvent(text, version);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.scan.options.onProblem?.({ path, line, offset, kind: "bad-line", message, severity: "damage" });
    }
  }
}

function linesOf(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
