import type { Batch } from "../columns/vector.ts";
import type { ScanPlan } from "../plan/plan.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { withEventBound } from "./event_top.ts";
import { scanPlaces } from "./place_rows.ts";
import { Places } from "./places.ts";
import { Scan } from "./scan.ts";
import { SeriesSource } from "./series_source.ts";
import type { ReadOptions, TableReader } from "./table_reader.ts";

/** The tables of what some repositories hold at a moment. Columns that were made for one scan are kept for the next. */
export class SnapshotTables implements TableReader {
  readonly identity: string = crypto.randomUUID();
  readonly #places: Places;
  readonly #series: SeriesSource;

  constructor(readonly snapshot: Snapshot) {
    this.#places = new Places(snapshot);
    this.#series = new SeriesSource(snapshot);
  }

  async *scan(plan: ScanPlan, options: ReadOptions = {}): AsyncGenerator<Batch> {
    options.signal?.throwIfAborted();
    const scan = (plan: ScanPlan) => this.#rows(new Scan(plan, this.#places, this.#series, options));
    yield* scan(plan.table === "events" ? await withEventBound(plan, scan) : plan);
    options.signal?.throwIfAborted();
  }

  /** What reads a table is loaded with the first look at it. */
  async *#rows(scan: Scan): AsyncGenerator<Batch> {
    const { table } = scan.plan;
    switch (table) {
      case "experiments":
      case "runs":
      case "logs":
        return yield* scanPlaces(scan, table);
      case "metrics":
      case "series":
        return yield* (await import("./series_scan.ts")).scanSeries(scan);
      case "points":
        return yield* (await import("./points.ts")).scanPoints(scan);
      case "events":
        return yield* (await import("./events.ts")).scanEvents(scan);
      case "files":
        return yield* (await import("./files.ts")).scanFiles(scan);
      case "notes":
        return yield* (await import("./notes.ts")).scanNotes(scan);
      default:
        throw new TypeError(`there is no table "${table}"`);
    }
  }
}
