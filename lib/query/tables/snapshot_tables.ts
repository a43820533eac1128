import type { Batch } from "../columns/vector.ts";
import type { ScanPlan } from "../plan/plan.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { withEventBound } from "./event_top.ts";
import { scanEvents } from "./events.ts";
import { scanFiles } from "./files.ts";
import { scanNotes } from "./notes.ts";
import { scanPlaces } from "./place_rows.ts";
import { Places } from "./places.ts";
import { scanPoints } from "./points.ts";
import { Scan } from "./scan.ts";
import { scanSeries } from "./series_scan.ts";
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

  #rows(scan: Scan): AsyncIterable<Batch> {
    const { table } = scan.plan;
    switch (table) {
      case "experiments":
      case "runs":
      case "logs":
        return scanPlaces(scan, table);
      case "metrics":
      case "series":
        return scanSeries(scan);
      case "points":
        return scanPoints(scan);
      case "events":
        return scanEvents(scan);
      case "files":
        return scanFiles(scan);
      case "notes":
        return scanNotes(scan);
      default:
        throw new TypeError(`there is no table "${table}"`);
    }
  }
}
