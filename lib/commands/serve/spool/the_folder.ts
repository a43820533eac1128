import { UsageError } from "../../../base/errors.ts";
import type { CommandEnvironment } from "../../../cli/command.ts";
import { spoolFolder } from "../../../client/spool/folder.ts";

/** The folder of spools, which must be known. */
export function theSpoolFolder({ env }: Pick<CommandEnvironment, "env">): string {
  const folder = spoolFolder(env);
  if (folder === undefined) throw new UsageError("Cannot find the spool: set DBX_SPOOL");
  return folder;
}
