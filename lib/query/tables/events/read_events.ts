import type { EventColumn } from "../../../index/columns/event_columns.ts";
import type { ScanColumn } from "../../plan/plan.ts";
import { exactData } from "./exact_data.ts";
import { coordinateIn } from "./names.ts";
import type { EventSource } from "./source.ts";
import type { LineEvent } from "./events_of_lines.ts";
import { vectorOfValues } from "../../vectors/value_vector.ts";
import { getPath, valueOf } from "../../values/json_values.ts";

/** Events that were read from the lines of a log, as the index does not have them. */
export class ReadEvents implements EventSource {
  readonly #data: (EventColumn | undefined)[] = [];

  constructor(
    readonly log: number,
    readonly version: 0 | 1,
    readonly events: readonly LineEvent[],
    readonly columns: readonly ScanColumn[],
  ) {}

  ts(): Float64Array {
    return Float64Array.from(this.events, ({ ts }) => ts);
  }

  lines(): Float64Array {
    return Float64Array.from(this.events, ({ line }) => line);
  }

  offsets(): Float64Array {
    return Float64Array.from(this.events, ({ offset }) => offset);
  }

  names(): (row: number) => string {
    return (row) => this.events[row].event.event;
  }

  coordinate(coordinate: number): Float64Array {
    return Float64Array.from(this.events, ({ event }) => coordinateIn(event.event, coordinate));
  }

  data(column: number): EventColumn {
    return this.#data[column] ??= { vector: this.#vector(this.columns[column].path!), unknown: undefined };
  }

  text(row: number): string {
    return this.events[row].text;
  }

  #vector(path: readonly string[]): EventColumn["vector"] {
    const values = this.events.map(({ text, event }) => valueOf(getPath(exactData(text, event, path), path)));
    const vector = vectorOfValues(values);
    // Numbers that are all REAL are so in a vector of both, too: none of them is whole and safe.
    return vector.kind === "number" && vector.type === "real"
      ? { ...vector, type: "numeric" }
      : vector as EventColumn["vector"];
  }
}
