import { checkExperimentName } from "../format/layout/names.ts";
import { warningOfName } from "../format/layout/portable_names.ts";

/** The name for a new experiment. Says so where some systems cannot hold it: its folder is for ever. */
export function newName(name: string | undefined, onWarning: (message: string) => void): string | undefined {
  if (name !== undefined) checkExperimentName(name);
  const warning = name === undefined ? undefined : warningOfName(name);
  if (warning !== undefined) onWarning(`${warning}; the folder keeps this name for ever`);
  return name;
}
