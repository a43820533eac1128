import type { WindowFrame } from "../../../plan/plan.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";

/** Where partitions and groups of peers start in the sorted rows; behind the last, where these end. */
export interface Parts {
  readonly partitions: Int32Array;
  readonly peers: Int32Array;
}

/** The frame of each row: from a row to below another, of which EXCLUDE may take some out. */
export interface Frames extends Parts {
  readonly frame: WindowFrame;
  readonly lows: Int32Array;
  readonly highs: Int32Array;
}

/** The frames of all rows. Where the distances leave nothing of one, it is empty. */
export function framesOf(frame: WindowFrame, parts: Parts): Frames {
  const { unit, from, to } = frame;
  const isFar = (offset: number) => offset !== 0 && Number.isFinite(offset);
  if (unit === "range" && (isFar(from) || isFar(to))) throw new UnsupportedAtRuntime("a RANGE frame with a distance");
  if (from === Infinity || to === -Infinity) throw new UnsupportedAtRuntime("a frame that starts behind its end");
  const bounds = unit === "rows" ? framesByRows(frame, parts) : framesByPeers(frame, parts);
  return { ...parts, ...bounds, frame };
}

function framesByRows({ from, to }: WindowFrame, { partitions }: Parts): Pick<Frames, "lows" | "highs"> {
  const count = partitions[partitions.length - 1];
  const lows = new Int32Array(count);
  const highs = new Int32Array(count);
  const isEmpty = from > to;
  for (let at = 0; at + 1 < partitions.length; at++) {
    const start = partitions[at];
    const end = partitions[at + 1];
    for (let row = start; row < end; row++) {
      lows[row] = isEmpty ? start : Math.max(start, Math.min(end, row + from));
      highs[row] = isEmpty ? start : Math.max(start, Math.min(end, row + to + 1));
    }
  }
  return { lows, highs };
}

function framesByPeers({ from, to }: WindowFrame, parts: Parts): Pick<Frames, "lows" | "highs"> {
  const { partitions, peers } = parts;
  const count = partitions[partitions.length - 1];
  const lows = new Int32Array(count);
  const highs = new Int32Array(count);
  const isEmpty = from > to;
  let first = 0;
  for (let at = 0; at + 1 < partitions.length; at++) {
    const start = partitions[at];
    let last = first;
    while (peers[last] < partitions[at + 1]) last++;
    for (let group = first; group < last; group++) {
      const low = isEmpty ? start : peers[Math.max(first, Math.min(last, group + from))];
      const high = isEmpty ? start : peers[Math.max(first, Math.min(last, group + to + 1))];
      for (let row = peers[group]; row < peers[group + 1]; row++) {
        lows[row] = low;
        highs[row] = high;
      }
    }
    first = last;
  }
  return { lows, highs };
}

/** What a frame holds of a row, once EXCLUDE has taken out what it does: a range, perhaps the row itself, another range. */
export class FrameRows {
  readonly #peers: Pick<Frames, "lows" | "highs"> | undefined;
  firstStart = 0;
  firstEnd = 0;
  row = -1;
  secondStart = 0;
  secondEnd = 0;
  count = 0;

  constructor(readonly frames: Frames) {
    const { exclude } = frames.frame;
    if (exclude === "group" || exclude === "ties") {
      this.#peers = framesByPeers({ unit: "groups", from: 0, to: 0, exclude }, frames);
    }
  }

  /** Looks at the frame of a row. */
  at(row: number): void {
    const { lows, highs, frame: { exclude } } = this.frames;
    const low = lows[row];
    const high = highs[row];
    const start = exclude === "no others" ? high : this.#peers === undefined ? row : this.#peers.lows[row];
    const end = exclude === "no others" ? high : this.#peers === undefined ? row + 1 : this.#peers.highs[row];
    this.firstStart = low;
    this.firstEnd = Math.max(low, Math.min(high, start));
    this.row = exclude === "ties" && row >= low && row < high ? row : -1;
    this.secondEnd = high;
    this.secondStart = Math.min(high, Math.max(low, end));
    this.count = this.firstEnd - this.firstStart + (this.row < 0 ? 0 : 1) + this.secondEnd - this.secondStart;
  }

  /** The row at a place, from 0; -1: there are not so many. */
  rowAt(place: number): number {
    if (place < 0 || place >= this.count) return -1;
    let left = place;
    if (left < this.firstEnd - this.firstStart) return this.firstStart + left;
    left -= this.firstEnd - this.firstStart;
    if (this.row >= 0 && left-- === 0) return this.row;
    return this.secondStart + left;
  }
}
