const CHUNK_BYTES = 64 * 1024;
/** A pipe holds no more than this: what is read after the child's end beyond it was printed by others. */
const LARGEST_PIPE = 1024 * 1024;
/** How long processes that outlive the child may go on printing into the record, in milliseconds. */
const LINGER_MS = 2000;
const IDLE_MS = 100;

/** A child's stdout or stderr: pieces of bytes, to the end, or until `leave` says that nobody waits for it any longer. */
export interface ChildOutput extends AsyncIterable<Uint8Array> {
  /** Ends the iteration; a piece that is read later goes to `late`. */
  leave(late: (bytes: Uint8Array) => void): void;
  /** Whether the end was reached. */
  readonly ended: boolean;
  /** When the last piece came, in milliseconds since the Unix epoch. */
  readonly lastAt: number;
  /** Bytes read so far. */
  readonly size: number;
}

/** A reader of pieces as they come. */
export function readerOf(pieces: AsyncIterable<Uint8Array> | undefined): {
  read(buffer: Uint8Array): Promise<number | null>;
} {
  const iterator = pieces?.[Symbol.asyncIterator]();
  let rest: Uint8Array | undefined;
  return {
    async read(buffer) {
      rest ??= (await iterator?.next())?.value as Uint8Array | undefined;
      if (rest === undefined) return null;
      const count = Math.min(rest.length, buffer.length);
      buffer.set(rest.subarray(0, count));
      rest = count < rest.length ? rest.subarray(count) : undefined;
      return count;
    },
  };
}

/** Reads a file or pipe. `read` fills a part of the buffer, and gives null at the end. */
export function childOutput(source: { read(buffer: Uint8Array): Promise<number | null> }): ChildOutput {
  let ended = false;
  let lastAt = Date.now();
  let size = 0;
  let late: ((bytes: Uint8Array) => void) | undefined;
  const left = Promise.withResolvers<undefined>();
  return {
    get ended() {
      return ended;
    },
    get lastAt() {
      return lastAt;
    },
    get size() {
      return size;
    },
    leave(given) {
      late = given;
      left.resolve(undefined);
    },
    async *[Symbol.asyncIterator]() {
      const buffer = new Uint8Array(CHUNK_BYTES);
      while (true) {
        const reading = source.read(buffer);
        const count = await Promise.race([reading, left.promise]);
        if (count === undefined) {
          reading.then((more) => more !== null && late?.(buffer.slice(0, more))).catch(() => {});
          return;
        }
        if (count === null) {
          ended = true;
          return;
        }
        lastAt = Date.now();
        size += count;
        yield buffer.slice(0, count);
      }
    },
  };
}

/**
 * Waits until the outputs of a child that has ended are read. Processes that it left behind may hold them for days; after 2
 * seconds, when all that the child itself printed has been read, they are not waited for. Returns whether all ended.
 */
export async function afterChild(outputs: readonly ChildOutput[], capturing: Promise<unknown>): Promise<boolean> {
  const endAt = Date.now();
  const sizes = outputs.map((output) => output.size);
  const done = capturing.then(() => true);
  while (true) {
    const { promise, resolve } = Promise.withResolvers<false>();
    const timer = setTimeout(() => resolve(false), IDLE_MS);
    const ended = await Promise.race([done, promise]);
    clearTimeout(timer);
    if (ended) return true;
    const now = Date.now();
    if (now - endAt < LINGER_MS) continue;
    const isRead = (output: ChildOutput, at: number) =>
      output.ended || now - output.lastAt >= IDLE_MS || output.size - sizes[at] >= LARGEST_PIPE;
    if (outputs.every(isRead)) return false;
  }
}
