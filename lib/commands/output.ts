import { writeAllSync } from "../store/files.ts";
import type { Output } from "./command.ts";

type Sink = { writeSync(bytes: Uint8Array): number; isTerminal(): boolean };

/** stdout or stderr as a command sees it. */
export function outputOf(sink: Sink, env: Readonly<Record<string, string>>): Output {
  const encoder = new TextEncoder();
  const isTerminal = sink.isTerminal();
  return {
    isTerminal,
    get columns() {
      return isTerminal ? consoleColumns() : Number(env.COLUMNS) || 80; // A terminal can get another size at any time.
    },
    colour: isTerminal && !env.NO_COLOR && env.TERM !== "dumb",
    write(data) {
      writeAllSync(retrying(sink), typeof data === "string" ? encoder.encode(data) : data);
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
