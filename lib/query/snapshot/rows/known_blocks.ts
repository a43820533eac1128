import type { KnownLogs } from "../../../index/state/indexed_logs.ts";
import type { Source } from "./row_types.ts";
import type { Segment } from "../catalogue/segment/segment.ts";

/** Where rows are known from that nothing was made for: a file of a catalogue, and the index. */
export interface KnownBlock {
  readonly source: Source;
  readonly segment: Segment;
  /** What the index held when the listing began, by which logs have numbers; undefined if logs are not needed. */
  held: KnownLogs | undefined;
}

/** Blocks one behind the other, by the numbers of their first rows. */
export class KnownBlocks {
  readonly #blocks: KnownBlock[] = [];
  readonly #first: number[] = [];

  /** A block begins with the row of a number, unless it is the last one still. */
  begin(block: KnownBlock, number: number): void {
    if (this.#blocks.at(-1) === block) return;
    this.#blocks.push(block);
    this.#first.push(number);
  }

  /** The block of a row that is known of one. */
  of(number: number): KnownBlock {
    let at = this.#blocks.length - 1;
    while (this.#first[at] > number) at--;
    return this.#blocks[at];
  }

  [Symbol.iterator](): Iterator<KnownBlock> {
    return this.#blocks.values();
  }
}
