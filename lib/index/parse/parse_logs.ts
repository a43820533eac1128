import { NotFoundError } from "../../base/errors.ts";
import { LinePieces } from "../../base/lines/line_pieces.ts";
import { lengthOfLines } from "../../base/lines/lines_in.ts";
import { LogBytes, type LogSource } from "./log_bytes.ts";
import { FROM_THE_START, type LogFile, type Start } from "../state/listed_log.ts";
import type { PackBuilder } from "../pack/pack_builder.ts";
import { type PartColumns, writePart } from "../parts/write_part.ts";
import { endsOf, proofOf, proofOfBytes } from "../state/prefix_hash.ts";
import { LogColumns } from "./log_columns.ts";

const CHUNK = 1024 * 1024;
/** A part is cut where it has so many bytes or points, so that its columns stay small. */
export const MAX_PART_BYTES = 32 * 1024 * 1024;
export const MAX_PART_POINTS = 1_000_000;
/** A log that is not longer can be taken at once. */
export const MAX_SINGLE_READ_BYTES = CHUNK;

/** Parses the new bytes of logs, and adds them to packs. */
export class LogParsing {
  readonly #bytes: LogBytes;
  readonly #columns: LogColumns;

  /** `mostSeries`: a log of more is left out; see `LogColumns`. */
  constructor(
    readonly store: LogSource,
    readonly builder: () => PackBuilder,
    readonly signal?: AbortSignal,
    mostSeries?: number,
  ) {
    this.#columns = new LogColumns(mostSeries);
    this.#bytes = new LogBytes(store);
  }

  /**
   * Reads a log from a place to its last whole line. `onBytes` is called with the number of bytes that were read. Of a
   * log that is removed meanwhile, only full parts are taken.
   */
  async log(log: LogFile, start: Start, onBytes: (bytes: number) => void): Promise<void> {
    try {
      await this.#read(log, start, onBytes);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }

  /** Takes a log of which all bytes are there, at most {@linkcode MAX_SINGLE_READ_BYTES}; what it holds, good until the next one. */
  whole(log: LogFile, bytes: Uint8Array<ArrayBuffer>): PartColumns {
    const { path, version, size, modifiedAt, points } = log;
    const piece = bytes.subarray(0, lengthOfLines(bytes));
    this.#columns.begin(version, points);
    this.#columns.feed(piece);
    const all = this.#columns.checksumOf(piece);
    const sections = piece.length === 0 ? [] : [[piece.length, all] as const];
    const place = { path, version, from: 0, firstLine: 0, size, modifiedAt, ...proofOfBytes(piece, all), before: 0 };
    writePart(this.builder(), { ...place, sections, base: FROM_THE_START.base }, this.#columns);
    return this.#columns;
  }

  async #read(log: LogFile, start: Start, onBytes: (bytes: number) => void): Promise<void> {
    const columns = this.#columns;
    let { from, lines, tail: before } = start;
    const earlier = new Map<string, number>();
    const base = (pattern: string, path: string) =>
      start.base(pattern, path) + (earlier.size === 0 ? 0 : earlier.get(JSON.stringify([pattern, path])) ?? 0);
    let whole: Uint8Array | undefined;
    let sections: [to: number, check: number][] = [];
    /** The ends of what was read, where the pieces gave them. */
    let head: number | undefined;
    let tail: number | undefined;
    columns.begin(log.version, log.points);
    using _file = this.#bytes.open(log);
    const flush = async () => {
      const to = from + columns.bytes;
      const proof = whole !== undefined && whole.length === to
        ? proofOfBytes(whole)
        : head !== undefined && tail !== undefined
        ? { head, tail }
        : await proofOf(this.store, log.path, to);
      const { path, version, size, modifiedAt } = log;
      const place = { path, version, from, firstLine: lines, size, modifiedAt, ...proof, before };
      writePart(this.builder(), { ...place, sections, base }, columns);
      sections = [];
      before = proof.tail;
      from = to;
      lines += columns.lines;
    };
    const remember = () => {
      for (const group of columns.groups.values()) {
        for (const series of group.series.values()) {
          if (series.values.length === 0) continue;
          const key = JSON.stringify([group.pattern, series.path]);
          earlier.set(key, (earlier.get(key) ?? 0) + series.values.length);
        }
      }
    };
    const pieces = new LinePieces({ offset: from, size: log.size, length: CHUNK });
    for (let next = pieces.next; next !== undefined; next = pieces.next) {
      this.signal?.throwIfAborted();
      const { offset, length } = next;
      const piece = pieces.take(await this.#bytes.read(offset, length));
      if (piece === undefined) continue;
      whole = offset === 0 ? piece : undefined;
      const ends = endsOf(piece);
      if (offset === 0) head = ends?.head;
      tail = ends?.tail;
      columns.feed(piece);
      onBytes(piece.length);
      sections.push([pieces.offset, columns.checksumOf(piece)]);
      if (columns.bytes >= MAX_PART_BYTES || columns.points >= MAX_PART_POINTS) {
        await flush();
        remember();
        columns.begin(log.version, log.points);
      }
    }
    // A log without a whole line is known too, so that it need not be looked into again.
    if (columns.bytes > 0 || from === start.from) await flush();
  }
}
