import type { Output } from "../output.ts";
import { isAnswered, parseAnswers, QUESTIONS, type TerminalPictures } from "./terminal_pictures.ts";

/** A terminal far away answers within this time, in milliseconds. */
const ANSWER_TIMEOUT_MS = 1000;

/** The terminal from which answers come. */
export interface TerminalInput {
  readonly readable: ReadableStream<Uint8Array>;
  readonly isTerminal: boolean;
}

/** Asks a terminal what pictures it shows. Keys that are pressed meanwhile are lost. Undefined where there is none to ask. */
export async function askTerminal(stdout: Output, stdin: TerminalInput): Promise<TerminalPictures | undefined> {
  if (!stdin.isTerminal || !stdout.isTerminal) return undefined;
  Deno.stdin.setRaw(true, { cbreak: true });
  const reader = stdin.readable.getReader();
  try {
    stdout.control(QUESTIONS);
    return parseAnswers(await answersOf(reader));
  } finally {
    reader.releaseLock();
    Deno.stdin.setRaw(false);
  }
}

async function answersOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ANSWER_TIMEOUT_MS);
  const decoder = new TextDecoder("latin1");
  let answers = "";
  try {
    while (!isAnswered(answers) && answers.length < 4096) {
      const read = await Promise.race([reader.read(), late]);
      if (read === undefined || read.done) break;
      answers += decoder.decode(read.value);
    }
  } finally {
    clearTimeout(timer);
  }
  return answers;
}
