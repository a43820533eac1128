import type { Context } from "./command.ts";

/** Characters of an answer at most. */
const MAX_ANSWER_LENGTH = 4096;

/**
 * Asks on the terminal, and gives the line that is typed. `hidden`: it is not shown while it is typed. Rejects where the
 * command is interrupted.
 */
export async function ask(
  { stdin, stderr, signal }: Pick<Context, "stdin" | "stderr" | "signal">,
  question: string,
  options: { readonly hidden?: boolean } = {},
): Promise<string> {
  signal.throwIfAborted();
  stderr.prompt(question);
  if (options.hidden) Deno.stdin.setRaw(true);
  try {
    return await readLine(stdin.readable, signal, options.hidden === true);
  } catch (error) {
    // Below the ^C that the terminal shows.
    if (!options.hidden && stderr.isTerminal) stderr.line();
    throw error;
  } finally {
    if (options.hidden) {
      Deno.stdin.setRaw(false);
      stderr.line();
    }
  }
}

/** A line of a stream. `isRaw`: of a terminal that does nothing with keys itself. */
async function readLine(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
  isRaw: boolean,
): Promise<string> {
  const reader = stream.getReader();
  const interrupted = new DOMException("interrupted", "AbortError");
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(interrupted);
  signal.addEventListener("abort", stop, { once: true });
  const decoder = new TextDecoder();
  let line = "";
  try {
    while (line.length < MAX_ANSWER_LENGTH) {
      const { done, value } = await Promise.race([reader.read(), aborted]);
      if (done) return line;
      for (const key of decoder.decode(value, { stream: true })) {
        if (key === "\n" || key === "\r") return line;
        if (!isRaw) line += key;
        else if (key === "\x03") throw interrupted;
        else if (key === "\x04") return line;
        else if (key === "\x7f" || key === "\b") line = line.slice(0, -1);
        else if (key === "\x15") line = "";
        else line += key;
      }
    }
    return line;
  } finally {
    signal.removeEventListener("abort", stop);
    reader.releaseLock();
  }
}
