import { knownText } from "../wire/protobuf.ts";

/** A scalar, as it was found. */
export interface Scalar {
  wallTime: number;
  step: number;
  tag: string;
  value: number;
}

/** Tags of the fields: a time, a step, a summary; in it a value; in that its name and a number of the old encoding. */
const [TIME, STEP, SUMMARY, VALUE, NAME, SIMPLE] = [0x09, 0x10, 0x2a, 0x0a, 0x0a, 0x15];

/**
 * Reads the event that nearly all events of a file are: one scalar of the old encoding, in the order of the fields in which
 * writers write them. No object is made on the way. False for any other event, which is read with more care.
 */
export function fastScalar(bytes: Uint8Array, view: DataView, start: number, end: number, found: Scalar): boolean {
  let at = start;
  if (end - start < 20 || bytes[at] !== TIME) return false;
  found.wallTime = view.getFloat64(at + 1, true);
  at += 9;
  found.step = 0;
  if (bytes[at] === STEP) {
    at++;
    let step = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = bytes[at++];
      step += (byte & 127) * scale;
      if (byte < 128) break;
      // A negative one, or one that is too long.
      if (scale >= 2 ** 42) return false;
    }
    found.step = step;
  }
  // Each of what follows fills what is around it: their lengths are of one byte.
  if (bytes[at] !== SUMMARY || bytes[at + 1] !== end - at - 2) return false;
  at += 2;
  if (bytes[at] !== VALUE || bytes[at + 1] !== end - at - 2) return false;
  at += 2;
  const length = bytes[at + 1];
  if (bytes[at] !== NAME || length !== end - at - 7 || length > 64) return false;
  at += 2;
  if (bytes[at + length] !== SIMPLE) return false;
  found.tag = knownText(bytes, at, at + length);
  found.value = view.getFloat32(at + length + 1, true);
  return true;
}
