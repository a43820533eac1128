import { lastSegment } from "../../base/paths.ts";
import { type DerivedFolder, derivedFolder } from "../../fs/folders/derived_folder.ts";
import { readAll } from "../../fs/files/read_all.ts";
import { checksum } from "../encoding/encoding.ts";
import type { Pack } from "../pack/pack.ts";

/** The name of the file, and its last eight bytes: another version is not read. */
const NAME = "places";
const MAGIC = new TextEncoder().encode("dbxplc02");
/** The length of the head, the checksum of all before it, the magic. */
const TRAILER = 16;

/** The numbers that a file of a catalogue gives the logs that it knows. */
export interface Numbering {
  /** Its name, which no other file ever has. */
  readonly file: string;
  /** How many logs. */
  readonly logs: number;
}

/** Where what a set of packs holds of logs is, so that no log has to be looked up by its path. */
export interface Places {
  /** The part before each part of its log, see `KnownLogs`. */
  readonly before: Int32Array;
  readonly last: LastParts;
}

/** By the file of each numbering: the number of the last part of each log; -1 if it has not been looked up. */
export type LastParts = ReadonlyMap<string, Int32Array>;

interface Head {
  readonly packs: readonly string[];
  readonly parts: number;
  readonly numberings: readonly Numbering[];
}

/** Reads the places that were kept for some packs, which have so many parts; undefined where there are none, or they are damaged. */
export function readPlaces(folder: string, packs: readonly Pack[], parts: number): Places | undefined {
  try {
    using file = derivedFolder(folder).open(NAME);
    const bytes = readAll(file);
    const start = bytes.length - TRAILER;
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, TRAILER);
    const [length, check] = [view.getUint32(0, true), view.getUint32(4, true)];
    if (!MAGIC.every((byte, at) => bytes[start + 8 + at] === byte)) return undefined;
    if (checksum(bytes.subarray(0, start)) !== check) return undefined;
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(start - length, start))) as Head;
    if (head.parts !== parts || head.packs.join() !== namesOf(packs).join()) return undefined;
    const logs = head.numberings.reduce((sum, { logs }) => sum + logs, 0);
    const numbers = new Int32Array(bytes.buffer, bytes.byteOffset, parts + logs);
    const last = new Map<string, Int32Array>();
    let from = parts;
    for (const { file, logs } of head.numberings) last.set(file, numbers.subarray(from, from += logs));
    return { before: numbers.subarray(0, parts), last };
  } catch {
    return undefined; // It is made again.
  }
}

/** Keeps places, in the place of those that were there. Where that cannot be done, logs are looked up again. */
export function writePlaces(folder: string, packs: readonly Pack[], { before, last }: Places): void {
  const numberings = Array.from(last, ([file, { length }]) => ({ file, logs: length }));
  const head: Head = { packs: namesOf(packs), parts: before.length, numberings };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const arrays = [before, ...last.values()];
  const bytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const all = new Uint8Array(bytes + text.length + TRAILER);
  let at = 0;
  for (const array of arrays) {
    new Int32Array(all.buffer, at, array.length).set(array);
    at += array.byteLength;
  }
  all.set(text, bytes);
  const start = all.length - TRAILER;
  const view = new DataView(all.buffer, start);
  view.setUint32(0, text.length, true);
  view.setUint32(4, checksum(all.subarray(0, start)), true);
  all.set(MAGIC, start + 8);
  try {
    derivedFolder(folder).replace(NAME, all);
  } catch {
    // Logs are looked up again.
  }
}

/** Removes them. */
export function dropPlaces(folder: string): void {
  remove(derivedFolder(folder), NAME);
}

function remove(files: DerivedFolder, name: string): void {
  try {
    files.remove(name);
  } catch {
    // It is not ours to remove.
  }
}

function namesOf(packs: readonly Pack[]): string[] {
  return packs.map(({ file = "" }) => lastSegment(file));
}
