import { writeAllSync } from "../store/files.ts";
import type { Output } from "./command.ts";

type Sink = { writeSync(bytes: Uint8Array): number; isTerminal(): boolean };

/** An output that knows whether a line was left half drawn. */
export interface LineOutput extends Output {
  /** Clears what a progress bar drew, if that still stands: its command was interrupted. */
  clearBar(): void;
}

/** stdout or stderr as a command sees it. */
export function outputOf(sink: Sink, env: Readonly<Record<string, string>>): LineOutput {
  let hasBar = false;
  const encoder = new TextEncoder();
  const isTerminal = sink.isTerminal();
  return {
    isTerminal,
    get columns() {
      return isTerminal ? consoleColumns() : Number(env.COLUMNS) || 80; // A terminal can get another size at any time.
    },
    colour: isTerminal && !env.NO_COLOR && env.TERM !== "dumb",
    write(data) {
      if (isTerminal && typeof data === "string") {
        hasBar = data.startsWith("\r") && !data.endsWith("\n") && !data.endsWith("\x1b[K");
      }
      writeAllSync(retrying(sink), typeof data === "string" ? encoder.encode(data) : data);
    },
    clearBar() {
      if (hasBar) this.write("\r\x1b[K");
    },
  };
}

/** A pipe that is set to non-blocking by its other end refuses for a moment when it is full: wait and go on. */
function retrying(sink: Sink): Sink {
  return {
    isTerminal: () => sink.isTerminal(),
    writeSync(bytes) {
      while (true) {
        try {
          return sink.writeSync(bytes);
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
