/** The byte that ends a line. */
export const NEWLINE = 10;

/** How many of some bytes are whole lines: those up to the last line feed, with it. */
export function lengthOfLines(bytes: Uint8Array): number {
  return bytes.lastIndexOf(NEWLINE) + 1;
}

/** How many line feeds there are. */
export function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** A line, from `start` to `end`, which is behind its line feed. */
export interface Line {
  /** Without its line feed; undefined where it is not UTF-8. */
  readonly text: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** The whole lines of some bytes. What follows the last line feed is left out. */
export function* linesIn(bytes: Uint8Array): Generator<Line, void> {
  // All at once is faster; where some byte is not UTF-8, each line is looked at alone. Of ASCII, bytes and letters have
  // the same places.
  const all = decodeUtf8(bytes);
  const texts = all?.length === bytes.length ? undefined : all?.split("\n");
  for (let start = 0, index = 0; start < bytes.length; index++) {
    const end = bytes.indexOf(NEWLINE, start) + 1;
    if (end === 0) return;
    const text = texts?.[index] ?? all?.slice(start, end - 1) ?? decodeUtf8(bytes.subarray(start, end - 1));
    yield { text, start, end };
    start = end;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of some bytes, with a byte order mark if there is one; undefined where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
