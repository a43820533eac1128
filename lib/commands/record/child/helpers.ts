// What `dbx run` needs besides its command; loaded with the description of the command, so it imports no more than that.
import type { CommandEnvironment } from "../../../cli/command.ts";
import type { RunArgs } from "../run_options.ts";
import { ifAbsolute } from "../../../base/paths.ts";

/** Programs of which `dbx run` needs one or the other, apart from the command itself. */
export function helpers(parsed: RunArgs): string[] {
  return parsed.options.pty ? ["sh", "script"] : ["sh"];
}

/** The folder for the FIFOs where the repository's file system has none. */
export function temporaryFolder(environment: CommandEnvironment): string {
  return `${ifAbsolute(environment.env.TMPDIR) ?? "/tmp"}/dbx-${Deno.pid}-${environment.now.toString(36)}`;
}
