import { outputsOf } from "../../lib/terminal/output.ts";
import type { Sink } from "../../lib/terminal/sink.ts";
import type { Output } from "../../lib/terminal/output.ts";

/** Standard outputs whose bytes are kept, in one text where they are terminals. */
export interface Kept {
  readonly stdout: Output;
  readonly stderr: Output;
  /** What was written since the last time. */
  take(): string;
  columns: number;
}

/** stdout and stderr that keep what is written. */
export function keptOutputs(
  options: {
    readonly isTerminal: boolean;
    readonly colour?: boolean;
    readonly stdoutIsTerminal?: boolean;
    readonly characters?: Sink["characters"];
  },
): Kept {
  const chunks: Uint8Array[] = [];
  const kept = { columns: 80 };
  const sink = (isTerminal: boolean) => ({
    isTerminal,
    get columns() {
      return kept.columns;
    },
    colour: options.colour ?? false,
    characters: options.characters,
    write: (bytes: Uint8Array) => void chunks.push(bytes.slice()),
  });
  const outputs = outputsOf(sink(options.stdoutIsTerminal ?? options.isTerminal), sink(options.isTerminal));
  return Object.assign(kept, outputs, {
    take() {
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      return chunks.splice(0).map((bytes) => decoder.decode(bytes)).join("");
    },
  });
}
