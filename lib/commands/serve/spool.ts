import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { spoolFolder } from "../../client/spool/folder.ts";
import type { Command, OptionSpec, Parsed } from "../../cli/command.ts";

const ACTIONS = ["ls", "push"] as const;

/** What a command line wants done with what waits. */
export function spoolAction(parsed: Parsed): (typeof ACTIONS)[number] {
  const word = parsed.positionals[0] ?? "ls";
  const action = ACTIONS.find((action) => action === word);
  if (action !== undefined) return action;
  throw new UsageError(
    `Cannot do "${word}" with what waits: it is one of ${ACTIONS.join(", ")}${didYouMean(word, ACTIONS)}`,
  );
}

/** The options of `dbx spool`. */
export const OPTIONS = [
  {
    name: "remove-unended",
    kind: "flag",
    help: "push: also remove, once sent, runs that never ended and were not written to for a day",
  },
  { name: "json", kind: "flag", help: "as JSON" },
] as const satisfies readonly OptionSpec[];

/** `dbx spool`. */
export const command: Command<typeof OPTIONS> = {
  name: "spool",
  summary: "what was logged for a server and waits to be sent",
  usage: "[ls] | push --repo URL",
  details: `What is logged to a server's URL is written here first, in $DBX_SPOOL, else $XDG_STATE_HOME/dbx/spool, else
~/.local/state/dbx/spool, and removed when the server has proven that it holds it. A dead server, a lost network or a kill
leaves it here: push sends what no dbx process writes any more. A run that has not ended (its dbx was killed) may still be
written to by its program: push sends it, and keeps it. Each spool is a repository: --repo PATH reads it.`,
  examples: ["dbx spool", "dbx spool push --repo http://lab:7070"],
  options: OPTIONS,
  actions: ACTIONS,
  positionals: { min: 0, max: 1 },
  servers: true,
  permissions(parsed, around) {
    const folder = spoolFolder(around.env);
    const paths = folder === undefined ? [] : [folder];
    return { read: paths, write: spoolAction(parsed) === "push" ? paths : [] };
  },
};
