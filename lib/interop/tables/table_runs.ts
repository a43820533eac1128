import { createHash } from "node:crypto";
import type { EventRecord, ForeignData, ForeignRecord, RunRecord } from "../foreign.ts";
import { METRICS_EVENT } from "../foreign.ts";
import { type Mapping, mapRow } from "./mapping.ts";

/** What is known of all runs of a file. */
export interface TableFile {
  /** Below what is imported. */
  readonly name: string;
  /** What tells its runs from those of other files. Default: the name. */
  readonly identity?: string;
  /** What runs of this kind of file are grouped by. */
  readonly kind: string;
  /** The name of a run that the file does not name. */
  readonly label: string;
  readonly params: ForeignData;
  /** A cell that stands for no value, beside an empty one. */
  readonly missing?: string;
}

/** Makes runs and events of the rows of a file. */
export class TableRuns {
  readonly #known = new Set<string>();
  readonly #identity: string;
  /** The key of the file's run, which is made of the first row. */
  #first: string | undefined;

  constructor(readonly file: TableFile, readonly mapping: Mapping) {
    this.#identity = file.identity ?? file.name;
  }

  /** The records of a row. */
  row(fields: ForeignData): ForeignRecord[] {
    const { run, event, ts, params, data } = mapRow(fields, this.mapping);
    const key = run === undefined ? this.#first ??= this.#keyOf(data) : `${this.#identity}\n${run}`;
    const record: EventRecord = { type: "event", run: key, log: METRICS_EVENT, name: event ?? METRICS_EVENT, ts, data };
    if (this.#known.has(key)) return [record];
    this.#known.add(key);
    return [this.#run(key, run, params, ts), record];
  }

  #run(key: string, run: string | undefined, params: ForeignData, ts: number | undefined): RunRecord {
    const { label, kind } = this.file;
    return {
      type: "run",
      key,
      kind,
      name: run === undefined ? label : `${label}/${run}`,
      params: { ...this.file.params, ...this.mapping.given, ...params },
      createdAt: ts ?? this.mapping.createdAt ?? 0,
    };
  }

  /** A file that is written again, by another training, begins with other values; one that grows, or gets more columns, does not. */
  #keyOf(data: ForeignData): string {
    const values = Object.entries(data).sort(([a], [b]) => a < b ? -1 : 1);
    return `${this.#identity}\n${createHash("sha256").update(JSON.stringify(values)).digest("hex")}`;
  }
}
