import type { PartRef } from "../../../index/state/indexed_logs.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import type { LogRow, Source } from "./row_types.ts";
import { isIndexed } from "./row_arrays.ts";
import { LogRows } from "./rows.ts";

/** The logs of a snapshot, some of which have other rows. */
export class ReplacedLogs extends LogRows {
  constructor(readonly logs: LogRows, readonly others: ReadonlyMap<number, LogRow>) {
    super();
  }

  get length(): number {
    return this.logs.length;
  }

  get owners(): Int32Array {
    return this.logs.owners;
  }

  at(number: number): LogRow {
    return this.others.get(number) ?? this.logs.at(number);
  }

  hasPoints(number: number): boolean {
    return this.others.get(number)?.points ?? this.logs.hasPoints(number);
  }

  parts(number: number): readonly PartRef[] | undefined {
    const other = this.others.get(number);
    return other === undefined ? this.logs.parts(number) : other.parts;
  }

  times(number: number): LogRow["times"] {
    const other = this.others.get(number);
    return other === undefined ? this.logs.times(number) : other.times;
  }

  sourceOf(number: number): Source {
    return this.logs.sourceOf(number);
  }

  sources(): Iterable<Source> {
    return this.logs.sources();
  }

  bytesOf(number: number): number {
    return this.others.get(number)?.file.size ?? this.logs.bytesOf(number);
  }

  isIndexed(number: number): boolean {
    const other = this.others.get(number);
    return other === undefined ? this.logs.isIndexed(number) : isIndexed(other);
  }

  *packs(): Generator<Pack> {
    yield* this.logs.packs();
    for (const { parts } of this.others.values()) for (const { pack } of parts ?? []) yield pack;
  }
}
