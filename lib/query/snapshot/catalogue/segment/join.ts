import { ID_LENGTH } from "../../../../base/ids.ts";
import { Cell, RunCell } from "./layout.ts";
import { compareEntries, type SegmentBlock } from "./block.ts";

/** The rows of blocks in one order. Each block is in order, and no experiment is in two. */
export function concatBlocks(blocks: readonly SegmentBlock[]): SegmentBlock {
  return new Joining(blocks).join();
}

class Joining {
  readonly #strings = new Map<string, number>();

  constructor(readonly blocks: readonly SegmentBlock[]) {}

  join(): SegmentBlock {
    const { blocks } = this;
    const total = (of: (block: SegmentBlock) => number) => blocks.reduce((sum, block) => sum + of(block), 0);
    const rows = new Float64Array(total((block) => block.rows.length));
    const runRows = new Float64Array(total((block) => block.runRows.length));
    const ids: string[] = [];
    const runIds: string[] = [];
    const codes = blocks.map(({ strings }) => strings.map((text) => this.#string(text)));
    const textsFrom = blocks.map(() => 0);
    let filled = 0;
    for (const [at, { texts }] of blocks.entries()) {
      textsFrom[at] = filled;
      for (const { length } of texts) filled += length;
    }
    for (const [of, from] of this.#order()) {
      const block = blocks[of];
      const row = rows.subarray(ids.length * Cell.Width, (ids.length + 1) * Cell.Width);
      row.set(block.rows.subarray(from * Cell.Width, (from + 1) * Cell.Width));
      ids.push(idAt(block.ids, from));
      for (const cell of [Cell.Parent, Cell.Kind, Cell.Name]) row[cell] = codes[of][row[cell]];
      row[Cell.TextAt] += textsFrom[of];
      const [runsFrom, runsTo] = [row[Cell.RunsFrom], row[Cell.RunsTo]];
      row[Cell.RunsFrom] = runIds.length;
      for (let run = runsFrom; run < runsTo; run++) {
        const own = runRows.subarray(runIds.length * RunCell.Width, (runIds.length + 1) * RunCell.Width);
        own.set(block.runRows.subarray(run * RunCell.Width, (run + 1) * RunCell.Width));
        runIds.push(idAt(block.runIds, run));
        if (own[RunCell.Logs] >= 0) own[RunCell.Logs] = codes[of][own[RunCell.Logs]];
        own[RunCell.TextAt] += textsFrom[of];
        own[RunCell.EndingAt] += textsFrom[of];
      }
      row[Cell.RunsTo] = runIds.length;
    }
    const sums = new Map<string, { count: number; sum: number }>();
    for (const block of blocks) {
      for (const [parent, { count, sum }] of block.sums) {
        const before = sums.get(parent) ?? { count: 0, sum: 0 };
        sums.set(parent, { count: before.count + count, sum: before.sum + sum });
      }
    }
    const withoutRuns = total((block) => block.withoutRuns);
    const strings = [...this.#strings.keys()];
    const texts = blocks.flatMap(({ texts }) => texts);
    return { ids: ids.join(""), runIds: runIds.join(""), withoutRuns, rows, runRows, texts, strings, sums };
  }

  #string(text: string): number {
    let at = this.#strings.get(text);
    if (at === undefined) this.#strings.set(text, at = this.#strings.size);
    return at;
  }

  /** Block and row of each experiment in order. */
  *#order(): Generator<readonly [block: number, row: number]> {
    const { blocks } = this;
    const next = blocks.map(() => 0);
    const entryOf = ({ ids, rows, strings }: SegmentBlock, row: number) =>
      row * ID_LENGTH < ids.length
        ? { id: idAt(ids, row), parent: strings[rows[row * Cell.Width + Cell.Parent]] }
        : undefined;
    const heads = blocks.map((block) => entryOf(block, 0));
    while (true) {
      let least = -1;
      for (const [at, head] of heads.entries()) {
        if (head !== undefined && (least < 0 || compareEntries(head, heads[least]!) < 0)) least = at;
      }
      if (least < 0) return;
      yield [least, next[least]++];
      heads[least] = entryOf(blocks[least], next[least]);
    }
  }
}

function idAt(ids: string, row: number): string {
  return ids.substring(row * ID_LENGTH, (row + 1) * ID_LENGTH);
}
