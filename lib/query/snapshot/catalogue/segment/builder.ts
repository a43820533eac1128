import { ID_LENGTH } from "../../../../base/ids.ts";
import { checksum } from "../../../../index/encoding/encoding.ts";
import { type BranchLine, type Head, MAGIC, type RegionName, TRAILER } from "./layout.ts";
import { checksOfAll, type Region } from "./region_file.ts";
import { BlockBuilder, compareEntries, type Entry, type SegmentBlock } from "./block.ts";
import { concatBlocks } from "./join.ts";

/** The bytes of a file of the catalogue, in pieces. Throws `DamagedFile` where a row of another file is. */
export function buildSegment(entries: Entry[], branches: readonly BranchLine[]): Uint8Array<ArrayBuffer>[] {
  entries.sort(compareEntries);
  const builder = new BlockBuilder(entries.length);
  for (const entry of entries) builder.add(entry);
  return joinBlocks([builder.block()], branches);
}

/** The same of rows that several threads made, each in order, none in two of them. */
export function joinBlocks(
  blocks: readonly SegmentBlock[],
  branches: readonly BranchLine[],
): Uint8Array<ArrayBuffer>[] {
  const block = blocks.length === 1 ? blocks[0] : concatBlocks(blocks);
  const encoder = new TextEncoder();
  const { ids, runIds, rows, runRows, texts, strings, sums, withoutRuns } = block;
  const parts: Record<RegionName, readonly Uint8Array<ArrayBuffer>[]> = {
    ids: [encoder.encode(ids)],
    runIds: [encoder.encode(runIds)],
    rows: [bytesOf(rows)],
    runRows: [bytesOf(runRows)],
    texts,
  };
  const regions = {} as Record<RegionName, Region>;
  let offset = 0;
  for (const [name, arrays] of Object.entries(parts)) {
    const length = arrays.reduce((sum, { length }) => sum + length, 0);
    regions[name as RegionName] = { offset, length, checks: checksOfAll(arrays) };
    offset += length;
  }
  const counts = { experiments: ids.length / ID_LENGTH, runs: runIds.length / ID_LENGTH, withoutRuns };
  const ofFolders = [...sums].map(([parent, { count, sum }]) => [strings.indexOf(parent), count, sum] as const);
  const json: Head = { ...counts, strings, branches, sums: ofFolders, regions };
  const head = encoder.encode(JSON.stringify(json));
  const end = new Uint8Array(TRAILER);
  const view = new DataView(end.buffer);
  view.setUint32(0, head.length, true);
  view.setUint32(4, checksum(head), true);
  end.set(MAGIC, 8);
  return [...Object.values(parts).flat(), head, end];
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
