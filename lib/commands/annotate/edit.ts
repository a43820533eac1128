import { NotFoundError } from "../../base/errors.ts";
import type { Command, CommandEnvironment, OptionSpec } from "../../cli/command.ts";
import { CHANGE_OPTIONS, QUIET_OPTION } from "../../cli/print_options.ts";
import { cacheFolder } from "../../client/location/cache_folder.ts";
import { findPrograms, pathsOf } from "../../fs/find_program.ts";
import { REDACT_OPTION } from "../record/params/experiment_options.ts";

/** The options of `dbx edit`. */
export const OPTIONS = [REDACT_OPTION, ...CHANGE_OPTIONS, QUIET_OPTION] as const satisfies readonly OptionSpec[];

/** The words that start the editor: of `VISUAL`, else `EDITOR`, else `vi`. */
export function editorWords({ env }: Pick<CommandEnvironment, "env">): string[] {
  const chosen = [env.VISUAL, env.EDITOR].find((text) => text !== undefined && text.trim() !== "") ?? "vi";
  return [...chosen.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c);
}

/** The folder for the text while it is edited: the user's own. */
export function editFolder({ env }: Pick<CommandEnvironment, "env">): string {
  const cache = cacheFolder(env);
  if (cache === undefined) {
    throw new NotFoundError("Cannot edit: there is no cache folder for the text; set HOME or XDG_CACHE_HOME");
  }
  return `${cache}/dbx/edit`;
}

/** `dbx edit`. */
export const command: Command<typeof OPTIONS> = {
  name: "edit",
  summary: "change the name, tags and notes of an experiment in an editor",
  usage: "[options] ID",
  details:
    `Opens the editor that VISUAL or EDITOR names, else vi, on a short text with the name, the tags and the notes of an experiment. What
was changed there becomes events in its notes when the editor is closed: dbx rename, dbx tag and dbx note with --undo take them back,
those of the notes at once. Secrets are redacted, as by dbx run. Only this command may start the editor.`,
  examples: ["dbx edit 3f9a", "EDITOR='code --wait' dbx edit 3f9a"],
  exitCodes: { 1: "the editor failed, or the text cannot be read; it is kept then" },
  options: OPTIONS,
  servers: true,
  handlesSignals: true,
  seesEnvironment: true,
  positionals: { min: 1, max: 1, completes: ["experiment"] },
  permissions(_, environment) {
    const programs = findPrograms(editorWords(environment).slice(0, 1), environment);
    const folder = editFolder(environment);
    return {
      read: [environment.repo, folder],
      write: [environment.repo, folder],
      make: [folder],
      run: pathsOf(programs),
      programs,
      why: ["the editor is the program that VISUAL or EDITOR names; it may do whatever you may"],
    };
  },
};
