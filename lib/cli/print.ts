import type { Result } from "../terminal/result.ts";
import { printResult } from "../terminal/printer.ts";
import type { Context } from "./command.ts";
import type { Parsed } from "./options.ts";
import { type PrintOptions, printStyle } from "./print_options.ts";

/**
 * How a command line wants its result printed, which is found out before anything is done. What it gives prints a result, and
 * resolves to the exit code; a number is one: nothing is left to print.
 *
 * @throws {UsageError} For options that cannot be meant together.
 */
export function printerOf(
  context: Pick<Context, "stdout" | "stderr">,
  { options }: Pick<Parsed, "options">,
): (result: Result | number) => Promise<number> {
  const style = printStyle(options as PrintOptions);
  return async (result) => typeof result === "number" ? result : await printResult(context, style, result);
}
