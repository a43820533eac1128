import { BLOCK, firstLanes, lastLanes } from "../encoding/checksum_lanes.ts";
import type { Template } from "./line_template.ts";
import { KERNEL } from "./kernel_bytes.ts";
import { MAX_POWER, powersOfFive } from "./powers.ts";

/** Where things stand in the kernel's memory. */
const POWERS = 0x10000;
const DOUBLES = POWERS + (2 * MAX_POWER + 1) * 16;
const LANES = 0x1f000;
const TEMPLATES = 0x20000;
const LINES = 0x100000;
const FOUND = 0x220000;
const END = 0x800000;

/** Lines in pieces of at most so many bytes can be scanned. */
export const MAX_PIECE_BYTES = FOUND - LINES - 64;
/** So many lines are matched at once, so that what is found stays in the processor's cache. */
const MAX_LINES = 512;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly position: WebAssembly.Global;
  readonly isPadded: WebAssembly.Global;
  scan(
    from: number,
    end: number,
    template: number,
    most: number,
    offsets: number,
    values: number,
    hashes: number,
  ): number;
  sum(from: number, blocks: number, lanes: number): void;
}

/** A template in the kernel's memory, and where what is found of its slots goes. */
export interface LoadedTemplate {
  readonly at: number;
  /** Lines that are matched at once. */
  readonly most: number;
  readonly offsets: number;
  readonly values: number;
  readonly hashes: number;
}

/** Matches lines with templates by WebAssembly, many at once: several times as fast as `matchTemplate`. */
export class LineScanner {
  readonly #kernel: Kernel;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #templates = TEMPLATES;
  #end = LINES;
  /** Whether a template had no room. */
  isFull = false;
  /** What was found, as numbers and as words of 32 bits. */
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly words: Int32Array<ArrayBuffer>;

  constructor() {
    module ??= new WebAssembly.Module(Uint8Array.from(atob(KERNEL), (letter) => letter.charCodeAt(0)));
    const { exports } = new WebAssembly.Instance(module, { env: { abort: () => {} } });
    this.#kernel = exports as unknown as Kernel;
    const { buffer } = this.#kernel.memory as { buffer: ArrayBuffer };
    this.#bytes = new Uint8Array(buffer);
    this.numbers = new Float64Array(buffer);
    this.words = new Int32Array(buffer);
    new BigUint64Array(buffer, POWERS).set(powers ??= powersOfFive());
    for (let power = 0; power <= 22; power++) this.numbers[DOUBLES / 8 + power] = Number(`1e${power}`);
  }

  /** Takes whole lines, at most {@linkcode MAX_PIECE_BYTES}. */
  load(lines: Uint8Array): void {
    this.#bytes.set(lines, LINES);
    this.#end = LINES + lines.length;
  }

  /** The checksum of what was loaded, as `checksum` gives it. */
  checksum(): number {
    const length = this.#end - LINES;
    this.words.set(firstLanes(length), LANES / 4);
    const blocks = Math.floor(length / BLOCK);
    this.#kernel.sum(LINES, blocks, LANES);
    const lanes = this.words.subarray(LANES / 4, LANES / 4 + 16);
    return lastLanes(lanes, this.#bytes.subarray(LINES + blocks * BLOCK, this.#end));
  }

  /** Takes a template; undefined where there is no room for it. */
  add({ slots, bytes, ends }: Template): LoadedTemplate | undefined {
    const kinds = 8 + slots.length * 4;
    const text = kinds + Math.ceil(slots.length / 4) * 4;
    const length = Math.ceil((text + bytes.length + 8) / 8) * 8;
    if (this.#templates + length > LINES) {
      this.isFull = true;
      return undefined;
    }
    const at = this.#templates;
    this.#templates += length;
    this.words[at / 4] = slots.length;
    this.words[at / 4 + 1] = bytes.length;
    this.words.set(ends, at / 4 + 2);
    this.#bytes.set(slots, at + kinds);
    this.#bytes.set(bytes, at + text);
    const most = Math.min(MAX_LINES, Math.floor((END - FOUND) / (slots.length * 12 + 4) / 2) * 2);
    const values = FOUND;
    const hashes = values + slots.length * most * 8;
    return { at, most, values, hashes, offsets: hashes + slots.length * most * 4 };
  }

  /** Forgets all templates. */
  forget(): void {
    this.#templates = TEMPLATES;
    this.isFull = false;
  }

  /** Matches lines from one that starts at an offset; how many did, one after the other. */
  scan({ at, most, offsets, values, hashes }: LoadedTemplate, from: number): number {
    return this.#kernel.scan(LINES + from, this.#end, at, most, offsets, values, hashes);
  }

  /** Where the first line that did not match starts. */
  get position(): number {
    return this.#kernel.position.value - LINES;
  }

  /** Whether a coordinate of a line that matched started with zeros. */
  get isPadded(): boolean {
    return this.#kernel.isPadded.value !== 0;
  }

  /** Where the loaded lines start in its memory, which is `bytes`. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  readonly start: number = LINES;
}

let module: WebAssembly.Module | undefined;
let powers: BigUint64Array | undefined;
