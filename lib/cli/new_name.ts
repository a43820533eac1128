import { warningOfName } from "../format/layout/portable_names.ts";
import { text } from "./parse.ts";
import type { Parsed } from "./command.ts";

/** The name for a new experiment. Says so where some systems cannot hold it: it is for ever. */
export function newName(parsed: Parsed, onWarning: (message: string) => void): string | undefined {
  const name = text(parsed, "name");
  const warning = name === undefined ? undefined : warningOfName(name);
  if (warning !== undefined) onWarning(`${warning}; names are for ever`);
  return name;
}
