import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { spoolFolder } from "../../client/spool/folder.ts";
import type { Command, Parsed } from "../../cli/command.ts";

const ACTIONS = ["ls", "push"] as const;

/** What a command line wants done with what waits. */
export function spoolAction(parsed: Parsed): (typeof ACTIONS)[number] {
  const word = parsed.positionals[0] ?? "ls";
  const action = ACTIONS.find((action) => action === word);
  if (action !== undefined) return action;
  throw new UsageError(
    `Cannot do "${word}" with the spool: it must be one of ${ACTIONS.join(", ")}${didYouMean(word, ACTIONS)}`,
  );
}

/** `dbx spool`. */
export const command: Command = {
  name: "spool",
  summary: "manage events that wait to be sent to a server",
  usage: "[ls] | push --repo URL",
  details:
    `Events logged to a server's URL are first written to the spool, in $DBX_SPOOL, else $XDG_STATE_HOME/dbx/spool, else
~/.local/state/dbx/spool, and removed once the server has proved that it has them. If the server is down, the network fails or dbx is
killed, they stay there: push sends what no dbx process is writing any more. The program of a run that has not ended (its dbx was
killed) may still be writing: push sends that run, but keeps it in the spool. Each spool is a repository: --repo PATH reads it.`,
  examples: ["dbx spool", "dbx spool push --repo http://lab:7070"],
  options: [
    {
      name: "remove-unended",
      kind: "flag",
      help: "push: once sent, also remove runs that never ended and were not written to for a day",
    },
    { name: "json", kind: "flag", help: "as JSON" },
  ],
  actions: ACTIONS,
  positionals: { min: 0, max: 1 },
  servers: true,
  permissions(parsed, around) {
    const folder = spoolFolder(around.env);
    const paths = folder === undefined ? [] : [folder];
    return { read: paths, write: spoolAction(parsed) === "push" ? paths : [] };
  },
  load: () => import("./spool_run.ts"),
};
