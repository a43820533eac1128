import { decodeParts, frame as framed } from "../../lib/protocol/frames.ts";
import { crcOf } from "../../lib/protocol/integrity.ts";
import { concat } from "../../lib/base/bytes.ts";
import type { FileChunk } from "../../lib/store/store.ts";
import type { Vector, VectorFile } from "../vectors/vector.ts";
import { fromVector, toDigits, toVector } from "./pieces.ts";
import { EXP, RUN } from "./samples.ts";

export const LOG = `${EXP}/runs/${RUN}/log.jsonl`;
export const META = `${EXP}/meta.json`;
export const FILE = "Ab3_x9ZkQ0pLm/model.bin";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A frame with its checksum, whatever its head says. */
export function frame(head: object | string, bytes: string | Uint8Array = ""): Uint8Array<ArrayBuffer> {
  const data = typeof bytes === "string" ? encode(bytes) : bytes;
  return framed(typeof head === "string" ? head : JSON.stringify(head), data);
}

/** A frame of a part of a file. */
export function part(name: string, offset: number, size: number, bytes: string | Uint8Array, more: object = {}) {
  return frame({ name, offset, size, ...more }, bytes);
}

/** The last frame, after these. */
export function last(...frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const check = crcOf(concat(frames.map((frame) => frame.subarray(-4))));
  return frame({ last: true, frames: frames.length, check });
}

/** Frames with the last one. */
export function whole(...frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat([...frames, last(...frames)]);
}

/** Raw DEFLATE of 20 lines, of `1234` and a line feed, of nothing, and of a MiB of zeros. */
export const LINES = `{"event":"train/epoch/0","ts":1,"loss":0.5}\n`.repeat(20);
export const PACKED_LINES = Uint8Array.fromHex(
  "ab564a2d4bcd2b51b2522a294accccd34f2dc84fced03750d2512a2956b232d451cac92f06320cf44c6bb9aa47d58eaa1d554b915a00",
);
export const PACKED_SHORT = Uint8Array.fromHex("33343236e10200");
export const PACKED_NOTHING = Uint8Array.fromHex("0300");
export const PACKED_ZEROS = fromVector({ pieces: ["edc13101000000c2a0f54f6d085fa0", ["00", 1016], "3e03"] });
const STORED = Uint8Array.fromHex("010500faff313233340a");

const END = { end: true };
const SHA256 = "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4"; // Of 1234.

const VALID: readonly (readonly [id: string, ...frames: readonly Uint8Array[]])[] = [
  ["nothing"],
  ["one file", part(LOG, 0, 5, "1234\n", { ...END, modifiedAt: 1767258004000 })],
  ["a file without a time", part(LOG, 0, 5, "1234\n", END)],
  ["a time before 1970", part(LOG, 0, 5, "1234\n", { ...END, modifiedAt: -1 })],
  ["an empty file", part(META, 0, 0, "", { ...END, modifiedAt: 0 })],
  ["several files", part(META, 0, 2, "{}", END), part(LOG, 0, 5, "1234\n", END), part(FILE, 0, 1, "x", END)],
  ["a file in three frames", part(LOG, 0, 9, "12"), part(LOG, 2, 9, "34\n"), part(LOG, 5, 9, "678\n", END)],
  ["the rest of a log", part(LOG, 1_000_000, 1_000_005, "1234\n", END)],
  ["a frame without bytes at the end of a file", part(META, 0, 2, "{}"), part(META, 2, 2, "", END)],
  ["a name beyond ASCII", part(`größe/日本 語/${EXP}/meta.json`, 0, 2, "{}", END)],
  [
    "a name with escapes",
    frame(`{"name":"gr\\u00f6\\u00dfe\\/a\\"b/${EXP}/meta.json","offset":0,"size":2,"end":true}`, "{}"),
  ],
  ["compressed", part(LOG, 0, LINES.length, PACKED_LINES, { inflated: LINES.length, ...END })],
  ["compressed, in a stored block", part(LOG, 0, 5, STORED, { inflated: 5, ...END })],
  ["compressed nothing", part(LOG, 0, 0, PACKED_NOTHING, { inflated: 0, ...END })],
  ["compressed, a whole MiB", part(META, 0, 1048576, PACKED_ZEROS, { inflated: 1048576, ...END })],
  ["a whole MiB", part(FILE, 0, 1048576, new Uint8Array(1048576), END)],
  ["with its SHA-256", part(FILE, 0, 4, "12", { sha256: SHA256 }), part(FILE, 2, 4, "34", { sha256: SHA256, ...END })],
  ["a torn tail that is not sent", part(LOG, 0, 12, "1234\n"), part(LOG, 5, 10, "6789\n", END)],
  ["an error at once", part(LOG, 7, 7, "", { ...END, error: "it is not there" })],
  ["an error after some bytes", part(FILE, 0, 9, "1234"), part(FILE, 4, 9, "", { ...END, error: "it became shorter" })],
  ["a file that goes on in the next body", part(FILE, 0, 9, "1234", { sha256: SHA256 })],
  ["keys that are not known", part(LOG, 0, 5, "1234\n", { ...END, x: { y: [1] } })],
  [
    "a head with spaces, in another order",
    frame(` { "end" : true, "size": 5, "offset":0, "name":"${LOG}" } `, "1234\n"),
  ],
];

/** Streams of frames that are right, and the parts that they mean. */
export async function validFrames(): Promise<VectorFile> {
  const vectors: Vector[] = [];
  for (const [id, ...frames] of VALID) {
    const bytes = whole(...frames);
    const parts = (await Array.fromAsync(decodeParts(ReadableStream.from([bytes]), { who: "the vector" }))).flat();
    vectors.push({ id, body: toDigits(bytes), parts: parts.map(toPart) });
  }
  return { about: "Streams of frames that follow all rules, and the parts of files that they mean.", vectors };
}

function toPart({ bytes, name, offset, size, sha256, end, modifiedAt, error }: FileChunk): object {
  return {
    name,
    offset,
    size,
    ...(sha256 !== undefined && { sha256 }),
    end,
    ...(modifiedAt !== undefined && { modifiedAt }),
    ...(error !== undefined && { error }),
    bytes: toVector(bytes),
  };
}
