import { concat } from "../../lib/base/bytes.ts";
import { crcOf } from "../../lib/protocol/integrity.ts";
import {
  FILE,
  frame,
  last,
  LINES,
  LOG,
  META,
  PACKED_LINES,
  PACKED_SHORT,
  PACKED_ZEROS,
  part,
  whole,
} from "./frames.ts";
import type { Vector, VectorFile } from "../vectors/vector.ts";
import { toDigits } from "./pieces.ts";
import { EXP } from "./samples.ts";
import { type Rule, ruleOf } from "./rules.ts";

const END = { end: true };
const ONE = part(LOG, 0, 5, "1234\n", END);
const [A, B, C] = [part(LOG, 0, 9, "12"), part(LOG, 2, 9, "34\n"), part(LOG, 5, 9, "678\n", END)];

/** Bytes with some of them replaced. */
function changed(bytes: Uint8Array, at: number, ...others: number[]): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  copy.set(others, at < 0 ? copy.length + at : at);
  return copy;
}

type Case = readonly [id: string, rule: Rule, body: Uint8Array];

/** The sender of these violates a rule: the server answers 400, the client ends with an error. */
const BROKEN: readonly Case[] = [
  ["gap", "order", whole(part(LOG, 0, 10, "1234\n"), part(LOG, 7, 10, "23\n", END))],
  ["overlap", "order", whole(part(LOG, 0, 10, "1234\n"), part(LOG, 3, 10, "4\n1234\n", END))],
  ["the same bytes again", "order", whole(part(LOG, 0, 9, "1234\n"), part(LOG, 0, 9, "1234\n678\n", END))],
  ["another file before the end", "order", whole(part(LOG, 0, 10, "1234\n"), part(META, 0, 2, "{}", END))],
  ["a file twice", "order", whole(ONE, part(LOG, 5, 10, "1234\n", END))],
  ["a file twice, with another one between", "order", whole(ONE, part(META, 0, 2, "{}", END), ONE)],
  ["end before size", "size", whole(part(META, 0, 9, "{}", END))],
  ["end of a log before size", "size", whole(part(LOG, 0, 9, "1234\n", END))],
  ["bytes beyond size", "size", whole(part(LOG, 0, 3, "1234\n", END))],
  ["a second frame beyond size", "size", whole(part(META, 0, 2, "{}"), part(META, 2, 2, "{}", END))],
  ["an offset beyond size", "size", whole(part(META, 3, 2, "", END))],
  ["inflated bytes beyond size", "size", whole(part(LOG, 0, 4, PACKED_SHORT, { inflated: 5, ...END }))],
  ["an error without end", "size", whole(part(LOG, 0, 10, "", { error: "gone" }))],
  ["another size", "same", whole(part(META, 0, 4, "{}"), part(META, 2, 5, "xyz", END))],
  ["a greater size of a log", "same", whole(part(LOG, 0, 10, "1234\n"), part(LOG, 5, 12, "123456\n", END))],
  [
    "a lesser size within a log",
    "same",
    whole(part(LOG, 0, 12, "1234\n"), part(LOG, 5, 10, "67"), part(LOG, 7, 10, "8\n\n", END)),
  ],
  ["a lesser size of a definition", "same", whole(part(META, 0, 12, "1234"), part(META, 4, 8, "5678", END))],
  [
    "another SHA-256",
    "same",
    whole(
      part(FILE, 0, 4, "12", { sha256: "1".repeat(64) }),
      part(FILE, 2, 4, "34", { sha256: "2".repeat(64), ...END }),
    ),
  ],
  [
    "a SHA-256 that comes later",
    "same",
    whole(part(FILE, 0, 4, "12"), part(FILE, 2, 4, "34", { sha256: "1".repeat(64), ...END })),
  ],
  ["inflated beyond a MiB", "inflated", whole(part(LOG, 0, 1048577, PACKED_ZEROS, { inflated: 1048577, ...END }))],
  [
    "bytes behind the compressed ones",
    "frames",
    whole(part(LOG, 0, 5, concat([PACKED_SHORT, new TextEncoder().encode("x")]), { inflated: 5, ...END })),
  ],
  ["compressed bytes that become more", "frames", whole(part(LOG, 0, 4, PACKED_SHORT, { inflated: 4, ...END }))],
  ["compressed bytes that become fewer", "frames", whole(part(LOG, 0, 6, PACKED_SHORT, { inflated: 6, ...END }))],
  [
    "compressed bytes without their end",
    "frames",
    whole(part(LOG, 0, LINES.length, PACKED_LINES.subarray(0, -4), { inflated: LINES.length, ...END })),
  ],
  ["compressed bytes that are not DEFLATE", "frames", whole(part(LOG, 0, 5, "\xff\xff", { inflated: 5, ...END }))],
  ["no name", "frames", whole(frame({ offset: 0, size: 1, end: true }, "x"))],
  ["a name that leaves the repository", "name", whole(part(`../${LOG}`, 0, 1, "x", END))],
  ["a name that no repository has", "name", whole(part(`${EXP}/.dbx/x`, 0, 1, "x", END))],
  ["a wrong name after a right file", "name", whole(ONE, part("x", 0, 1, "x", END))],
  ["no offset", "counts", whole(frame({ name: LOG, size: 1, end: true }, "x"))],
  ["a negative offset", "counts", whole(part(LOG, -1, 4, "1234\n", END))],
  ["an offset with a fraction", "counts", whole(part(LOG, 0.5, 4, "123", END))],
  ["no size", "counts", whole(frame({ name: LOG, offset: 0, end: true }, "x"))],
  ["a size that is text", "counts", whole(frame({ name: LOG, offset: 0, size: "1", end: true }, "x"))],
  ["a size beyond 2^53", "counts", whole(frame({ name: LOG, offset: 0, size: 2 ** 53, end: true }, "x"))],
  ["a malformed SHA-256", "frames", whole(part(FILE, 0, 2, "{}", { ...END, sha256: "00" }))],
  ["a negative inflated length", "counts", whole(part(LOG, 0, 5, PACKED_SHORT, { inflated: -5, ...END }))],
  ["a head that is not JSON", "frames", whole(frame("{", "x"))],
  ["a head that is a list", "frames", whole(frame("[]", "x"))],
  ["a head that is not UTF-8", "frames", whole(notUtf8())],
];

/** These were changed on their way, or cut: the server answers 400 with `dbx-error: checksum`, the client asks again. */
const CHANGED: readonly Case[] = [
  ["a wrong checksum of a frame", "check", concat([changed(ONE, -1, ONE.at(-1)! ^ 1), last(ONE)])],
  ["a flipped bit of the bytes", "check", concat([changed(ONE, -6, ONE.at(-6)! ^ 1), last(ONE)])],
  ["a flipped bit of the head", "check", concat([changed(ONE, 12, ONE[12] ^ 1), last(ONE)])],
  ["a flipped bit of the last frame", "check", changed(whole(ONE), -6, whole(ONE).at(-6)! ^ 1)],
  ["no last frame", "last", ONE],
  ["nothing at all", "last", new Uint8Array()],
  ["an end in the middle of a frame", "last", whole(ONE).subarray(0, ONE.length - 5)],
  ["an end in the middle of the last frame", "last", whole(ONE).subarray(0, -5)],
  ["a last frame that counts one more", "last", concat([ONE, last(ONE, ONE)])],
  ["a last frame that counts none", "last", concat([ONE, last()])],
  ["a last frame of other frames", "last", concat([ONE, last(part(META, 0, 2, "{}", END))])],
  ["the frame in the middle is missing", "last", concat([A, C, last(A, B, C)])],
  ["a frame came twice", "last", concat([A, B, B, C, last(A, B, C)])],
  ["two frames changed places", "last", concat([A, C, B, last(A, B, C)])],
  ["a byte after the last frame", "last", concat([whole(ONE), Uint8Array.of(0)])],
  ["a frame after the last one", "last", concat([whole(), ONE])],
  [
    "a head of more than 32 KiB",
    "lengths",
    whole(frame({ name: LOG, offset: 0, size: 1, end: true, x: "x".repeat(32768) }, "x")),
  ],
  ["more than a MiB of bytes", "lengths", whole(part(FILE, 0, 1048577, new Uint8Array(1048577), END))],
  ["lengths beyond all bounds", "lengths", Uint8Array.from({ length: 16 }, () => 255)],
];

/** Only a server has this limit: 65 MiB in 65 frames of 1 KiB. */
function tooMuch(): Uint8Array {
  const [mib, count] = [1048576, 65];
  const frames = Array.from(
    { length: count },
    (_, at) => part(LOG, at * mib, count * mib, PACKED_ZEROS, { inflated: mib, ...(at === count - 1 && END) }),
  );
  return whole(...frames);
}

function notUtf8(): Uint8Array {
  const wrong = changed(frame(`{"name":"x"}`), 10, 0xff);
  const check = Uint8Array.fromHex(crcOf(wrong.subarray(0, -4)));
  return changed(wrong, -4, ...check);
}

/** Streams of frames that are wrong, and what is to be said of them. */
export function wrongFrames(): VectorFile {
  const vector = (verdict: string, more: object = {}) => ([id, rule, body]: Case): Vector => {
    return { id, ...ruleOf(rule), verdict, ...more, body: toDigits(body) };
  };
  return {
    about:
      "Streams of frames with one fault each. `broken`: the sender breaks a rule; `changed`: it was changed or cut on its way.",
    vectors: [
      ...BROKEN.map(vector("broken")),
      vector("broken", { only: "take" })(["more than 64 MiB inflated", "inflated", tooMuch()]),
      ...CHANGED.map(vector("changed")),
      // A client may see that it did not ask for what comes, before the last frame says why.
      vector("changed", { only: "take" })(["the first frame is missing", "last", concat([B, C, last(A, B, C)])]),
    ],
  };
}
