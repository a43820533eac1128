/**
 * Bytes as vectors write them: a text whose UTF-8 they are, or hexadecimal digits, or pieces of both kinds of which
 * repeated ones are written once.
 */
export type Bytes =
  | { readonly text: string }
  | { readonly hex: string }
  | { readonly pieces: readonly Piece[] };

/** Hexadecimal digits, or such with how often they come. */
export type Piece = string | readonly [digits: string, times: number];

/** This many equal bytes in a row are written as one. */
const RUN = 64;

/** Bytes as they stand in a vector. */
export function toVector(bytes: Uint8Array): Bytes {
  const digits = toDigits(bytes);
  if ("pieces" in digits) return digits;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    // deno-lint-ignore no-control-regex
    return /[\x00-\x08\x0b-\x1f\x7f]/.test(text) ? digits : { text };
  } catch {
    return digits;
  }
}

/** Bytes as hexadecimal digits, whatever they are. */
export function toDigits(bytes: Uint8Array): Bytes {
  const pieces = piecesOf(bytes);
  if (pieces.length === 0) return { hex: "" };
  return pieces.length === 1 && typeof pieces[0] === "string" ? { hex: pieces[0] } : { pieces };
}

function piecesOf(bytes: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  let plain = 0;
  for (let at = 0; at < bytes.length;) {
    let end = at + 1;
    while (end < bytes.length && bytes[end] === bytes[at]) end++;
    if (end - at >= RUN) {
      if (at > plain) pieces.push(bytes.subarray(plain, at).toHex());
      pieces.push([bytes.subarray(at, at + 1).toHex(), end - at]);
      plain = end;
    }
    at = end;
  }
  if (bytes.length > plain) pieces.push(bytes.subarray(plain).toHex());
  return pieces;
}

/** The bytes of a vector. */
export function fromVector(bytes: Bytes | undefined): Uint8Array<ArrayBuffer> {
  if (bytes === undefined) return new Uint8Array();
  if ("text" in bytes) return new TextEncoder().encode(bytes.text);
  if ("hex" in bytes) return Uint8Array.fromHex(bytes.hex);
  const parts = bytes.pieces.map((piece) => {
    if (typeof piece === "string") return { unit: Uint8Array.fromHex(piece), times: 1 };
    return { unit: Uint8Array.fromHex(piece[0]), times: piece[1] };
  });
  const all = new Uint8Array(parts.reduce((sum, { unit, times }) => sum + unit.length * times, 0));
  let at = 0;
  for (const { unit, times } of parts) {
    if (unit.length === 1) {
      all.fill(unit[0], at, at += times);
      continue;
    }
    for (let left = times; left > 0; left--, at += unit.length) all.set(unit, at);
  }
  return all;
}
