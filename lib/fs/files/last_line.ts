/** Where the last whole line of a file of `size` bytes ends. The file's position moves. */
export function endOfLastLine(file: Deno.FsFile, size: number): number {
  for (let end = size, length = 4096; end > 0; length = 1024 * 1024) {
    const start = Math.max(0, end - length);
    const newline = readAt(file, start, end - start).lastIndexOf(10);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}

/** `length` bytes from where a file stands; fewer only at its end. */
export function readUpTo(file: Deno.FsFile, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = file.readSync(filled === 0 ? bytes : bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled === length ? bytes : bytes.subarray(0, filled);
}

/** `length` bytes from an offset on; fewer only at the end. The file's position moves. */
export function readAt(file: Deno.FsFile, offset: number, length: number): Uint8Array<ArrayBuffer> {
  file.seekSync(offset, Deno.SeekMode.Start);
  return readUpTo(file, length);
}
