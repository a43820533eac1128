import { eventRange } from "../../../index/columns/event_columns.ts";
import { EventPath } from "../../../index/columns/event_path.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import { excludes, type NumberCondition, numberConditions } from "../number_conditions.ts";
import { isOutsideTimeRange } from "./line_order.ts";
import type { Scan } from "../scan.ts";

/** Leaves out groups of events whose times or numbers, as the directory of their pack knows them, meet no condition. */
export class EventPruning {
  readonly #times: readonly NumberCondition[];
  readonly #data: readonly (readonly [path: EventPath, condition: NumberCondition])[];

  constructor(scan: Scan) {
    const conditions = numberConditions(scan.conditions("rows"), scan.columns, "events");
    this.#times = conditions.filter(({ column }) => column === "ts");
    this.#data = conditions.flatMap((condition) =>
      condition.path === undefined ? [] : [[new EventPath(condition.path), condition] as const]
    );
  }

  excludes(pack: Pack, group: number): boolean {
    if (isOutsideTimeRange(pack, group, this.#times)) return true;
    return this.#data.some(([path, condition]) => {
      const range = eventRange(pack, group, path);
      return range !== undefined && excludes(condition, range.from, range.to);
    });
  }
}
