/** All that follows in an open file, which may be longer or shorter by now than the system says. */
export function readAll(file: Deno.FsFile): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(file.statSync().size + 1);
  let filled = 0;
  while (true) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) return bytes.slice(0, filled);
    filled += count;
    if (filled < bytes.length) continue;
    const longer = new Uint8Array(bytes.length * 2);
    longer.set(bytes);
    bytes = longer;
  }
}
