import { writeAllSync } from "../fs/files/file_operations.ts";
import type { CharacterSet } from "../plot/cells/characters.ts";
import { charactersOf } from "./characters.ts";

/** Where an output's bytes go, and what is known of that place. */
export interface Sink {
  readonly isTerminal: boolean;
  /** The width of the terminal at this moment; 80 if there is none. */
  readonly columns: number;
  /** Whether to colour: a terminal, and no `NO_COLOR`. */
  readonly colour: boolean;
  /** The height of the terminal at this moment; default 24. */
  readonly rows?: number;
  /** Whether it shows 256 colours; default: 16. */
  readonly manyColours?: boolean;
  /** What it can draw with; default braille. */
  readonly characters?: CharacterSet;
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
      return isTerminal ? consoleSize().columns : Number(env.COLUMNS) || 80; // A terminal can get another size at any time.
    },
    get rows() {
      return isTerminal ? consoleSize().rows : Number(env.LINES) || 24;
    },
    manyColours: /256|direct|kitty|ghostty/.test(env.TERM ?? "") || /truecolor|24bit/.test(env.COLORTERM ?? ""),
    characters: charactersOf(env),
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

function consoleSize(): { readonly columns: number; readonly rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 };
  }
}
