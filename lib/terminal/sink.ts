import { writeAllSync } from "../fs/files/file_operations.ts";

/** Where an output's bytes go, and what is known of that place. */
export interface Sink {
  readonly isTerminal: boolean;
  /** The width of the terminal at this moment; 80 if there is none. */
  readonly columns: number;
  /** Whether to colour: a terminal, and no `NO_COLOR`. */
  readonly colour: boolean;
  /** Writes at once and wholly. Throws `Deno.errors.BrokenPipe` when the reader is gone. */
  write(bytes: Uint8Array): void;
}

type Stream = { writeSync(bytes: Uint8Array): number; isTerminal(): boolean };

/** stdout, stderr or a file. */
export function streamSink(stream: Stream, env: Readonly<Record<string, string>>): Sink {
  const isTerminal = stream.isTerminal();
  const patient = retrying(stream);
  return {
    isTerminal,
    get columns() {
      return isTerminal ? consoleColumns() : Number(env.COLUMNS) || 80; // A terminal can get another size at any time.
    },
    colour: isTerminal && !env.NO_COLOR && env.TERM !== "dumb",
    write: (bytes) => writeAllSync(patient, bytes),
  };
}

/** A pipe that is set to non-blocking by its other end refuses for a moment when it is full: wait and go on. */
function retrying(stream: Stream): Stream {
  return {
    isTerminal: () => stream.isTerminal(),
    writeSync(bytes) {
      while (true) {
        try {
          return stream.writeSync(bytes);
        } catch (error) {
          if (!(error instanceof Deno.errors.WouldBlock)) throw error;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        }
      }
    },
  };
}

function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/** The height of the terminal at this moment; 24 if it does not say. */
export function consoleRows(): number {
  try {
    return Deno.consoleSize().rows || 24;
  } catch {
    return 24;
  }
}
