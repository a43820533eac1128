import type { Result } from "../terminal/result.ts";
import { printResult } from "../terminal/printer.ts";
import type { Context } from "./command.ts";
import type { Parsed } from "./options.ts";
import { type PrintOptions, printStyle } from "./print_options.ts";

/** Prints what a command found, as its command line says. Returns the exit code. A number is one: nothing is left to print. */
export async function print(
  context: Pick<Context, "stdout" | "stderr">,
  { options }: Pick<Parsed, "options">,
  result: Result | number,
): Promise<number> {
  if (typeof result === "number") return result;
  return await printResult(context, printStyle(options as PrintOptions), result);
}
