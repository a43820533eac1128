import { RefusedError } from "../../base/errors.ts";
import { TextLines } from "../../base/lines/text_lines.ts";
import { isLoaderVariable } from "../../fs/find_program.ts";
import type { ReadOptions } from "../foreign.ts";

/** Characters of what the program printed as its errors that a message shows. */
const SHOWN = 400;

/**
 * The lines that a program in Python prints, in the user's own Python, which has the package that knows the format.
 *
 * @throws {RefusedError} Where it fails; the message has the last line of what it printed about that.
 */
export async function* pythonLines(
  python: string,
  program: string,
  words: readonly string[],
  { environment = {}, signal }: Pick<ReadOptions, "environment" | "signal">,
): AsyncGenerator<readonly string[]> {
  // With those of the loader, the runtime starts no program unless it may start all.
  const kept = Object.entries(environment).filter((entry): entry is [string, string] =>
    entry[1] !== undefined && !isLoaderVariable(entry[0])
  );
  const command = new Deno.Command(python, {
    args: ["-c", program, ...words],
    env: Object.fromEntries(kept),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  });
  await using child = command.spawn();
  const errors = new Response(child.stderr).text();
  const lines = new TextLines();
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const whole = lines.push(chunk);
    if (whole.length > 0) yield whole;
  }
  const { success, code } = await child.status;
  if (success) return;
  const last = (await errors).trim().split("\n").at(-1)?.slice(0, SHOWN) ?? "";
  throw new RefusedError(`${python} ended with exit code ${code}: ${last}`);
}
