/** A file of which parts are read in any order. */
export interface RandomAccess extends Disposable {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** Opens a file for reading parts of it. */
export async function randomAccess(path: string): Promise<RandomAccess> {
  const file = await Deno.open(path);
  const { size } = await file.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      await file.seek(start, Deno.SeekMode.Start);
      for (let count = 0; count < bytes.length;) {
        const more = await file.read(bytes.subarray(count));
        if (more === null) throw new RangeError("the file is shorter than it was");
        count += more;
      }
      return bytes.buffer;
    },
    [Symbol.dispose]: () => file.close(),
  };
}
