import type { Batch } from "../vectors/vector.ts";
import type { ScanPlan } from "../plan/plan.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { withEventBound } from "./events/top_rows.ts";
import { scanEntities } from "./entities/scan_entities.ts";
import { Entities } from "./entities/entities.ts";
import { Scan } from "./scan.ts";
import { SeriesSource } from "./series/series_source.ts";
import type { ReadOptions, TableReader } from "../plan/table_reader.ts";

/** The tables of what some repositories hold at a moment. Columns that were made for one scan are kept for the next. */
export class SnapshotTables implements TableReader {
  readonly identity: string = crypto.randomUUID();
  readonly #places: Entities;
  readonly #series: SeriesSource;

  /** `parts`: see {@linkcode Entities}. */
  constructor(readonly snapshot: Snapshot, parts?: Entities["parts"]) {
    this.#places = new Entities(snapshot, parts);
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
        return yield* scanEntities(scan, table);
      case "metrics":
      case "series":
        return yield* (await import("./series/scan_series.ts")).scanSeries(scan);
      case "points":
        return yield* (await import("./points/scan_points.ts")).scanPoints(scan);
      case "events":
        return yield* (await import("./events/scan_events.ts")).scanEvents(scan);
      case "files":
        return yield* (await import("./lines/scan_files.ts")).scanFiles(scan);
      case "notes":
        return yield* (await import("./lines/scan_notes.ts")).scanNotes(scan);
      default:
        throw new TypeError(`there is no table "${table}"`);
    }
  }
}
