/** A file of fewer bytes is read by one call. */
const SMALL = 64 * 1024;

/** Where small files are read to first. */
const scratch = new Uint8Array(SMALL);

/** At most `length` bytes of an open file from an offset on; fewer only at its end. */
export function readRange(file: Deno.FsFile, offset: number, length: number): Uint8Array<ArrayBuffer> {
  if (offset > 0) file.seekSync(offset, Deno.SeekMode.Start);
  const filled = readFully(file, scratch.subarray(0, Math.min(length, SMALL)));
  if (filled === length || filled < SMALL) return scratch.slice(0, filled);
  const left = Math.min(length, Math.max(filled, file.statSync().size - offset));
  const bytes = new Uint8Array(left);
  bytes.set(scratch.subarray(0, filled));
  return bytes.subarray(0, filled + readFully(file, bytes.subarray(filled)));
}

/** All of an open file, which was opened just now. */
export function readWhole(file: Deno.FsFile): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(file.statSync().size);
  return bytes.subarray(0, readFully(file, bytes));
}

/** Fills `into` from where the file stands; returns the bytes that there were. */
function readFully(file: Deno.FsFile, into: Uint8Array): number {
  let filled = 0;
  while (filled < into.length) {
    const count = file.readSync(into.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled;
}
