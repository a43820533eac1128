import { UsageError } from "../../base/errors.ts";
import type { RunArgs } from "./run_options.ts";
import { ScalarFinder } from "../../printed/scalar_finder.ts";

/**
 * Makes a finder for each stream, as `--scalars` says; undefined with `--no-scalars`. Where neither is given, the first
 * line in a known format, in whichever stream, is announced once.
 */
export function scalarFinders(parsed: RunArgs, say: (message: string) => void): (() => ScalarFinder) | undefined {
  const how = parsed.options.scalars;
  if (parsed.options["no-scalars"]) {
    if (how !== undefined) throw new UsageError("Cannot use --scalars with --no-scalars: use only one of them");
    return undefined;
  }
  new ScalarFinder(how); // A bad expression is refused before anything is made.
  let isSaid = how !== undefined;
  const onFound = (format: string) => {
    if (isSaid) return;
    isSaid = true;
    say(`metrics found in printed lines (${format}); --no-scalars disables this`);
  };
  return () => new ScalarFinder(how, onFound);
}
