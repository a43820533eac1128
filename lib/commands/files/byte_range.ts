import { UsageError } from "../../base/errors.ts";

/** Bytes of a file, `end` excluded. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Reads `--bytes`: `0-99`, `100-`, or `-100` for the last ones. Undefined: all bytes. */
export function rangeIn(text: string | undefined, size: number): ByteRange {
  if (text === undefined) return { start: 0, end: size };
  const [, from, to] = /^(\d*)-(\d*)$/.exec(text) ?? [];
  if (from === undefined || (from === "" && to === "") || (from !== "" && to !== "" && Number(to) < Number(from))) {
    throw new UsageError(
      `Cannot read --bytes "${text}": write 0-99 for the first 100 bytes, 100- for the rest, or -100 for the last 100`,
    );
  }
  if (from === "") return { start: Math.max(0, size - Number(to)), end: size };
  if (Number(from) >= size && size > 0) {
    throw new UsageError(`Cannot read --bytes "${text}": the file has ${size} bytes`);
  }
  return { start: Math.min(size, Number(from)), end: to === "" ? size : Math.min(size, Number(to) + 1) };
}
