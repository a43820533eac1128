import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { absolute } from "../../base/paths.ts";
import type { Command, Parsed } from "../../cli/command.ts";
import { text } from "../../cli/parse.ts";
import { limitsIn, QUOTA_OPTIONS } from "./quota_options.ts";

/** What can be done with tokens. */
const ACTIONS = ["add", "ls", "rm", "renew", "rename", "set"] as const;

/** What a command line wants done. */
export function actionOf(parsed: Parsed): (typeof ACTIONS)[number] {
  const [word] = parsed.positionals;
  const action = ACTIONS.find((action) => action === word);
  if (action !== undefined) return action;
  throw new UsageError(
    `Cannot do "${word}" with tokens: it is one of ${ACTIONS.join(", ")}${didYouMean(word, ACTIONS)}`,
  );
}

/** `dbx token`. */
export const command: Command = {
  name: "token",
  summary: "let people and machines use dbx serve",
  usage: "add NAME [--role ROLE] | ls | rm NAME | renew NAME | rename NAME NEW | set NAME",
  details:
    `Tokens that open a repository at its servers. add prints the token once; only its hash is kept, in .dbx/tokens.json, which is
never synchronised, or in the file of --tokens, for all repositories of a server that is given it. A running server sees a
change within a second, and ends what a removed token has open. Once a token was added, everybody needs one, on this machine
too, even when the last one is removed; to open the server again, remove the file and restart it.
Roles: read; write makes experiments and runs, and tags all; agent takes what is queued, too; control starts and stops runs,
writes to what others made, and purges (dbx rm --purge). An experiment and a run belong to the token that made them: others with write add their own
runs, tags and notes, but cannot log to its runs, end or delete them. renew prints a new token that replaces the old one,
rename gives it another name; what it made stays its own. What a removed token made is closed to all but control; add --inherit OLD goes on with it.
set gives a token another role or other limits. ls shows how much each one has written to the repository.`,
  examples: [
    "dbx token add alice",
    "dbx token add gpu-7 --role agent --max-bytes 500G",
    "dbx token ls",
    "dbx token renew alice",
    "dbx token set alice --max-files none",
    "dbx token add alice-2 --inherit alice",
    "dbx token add me --role control --tokens ~/.config/dbx/tokens.json",
  ],
  options: [
    {
      name: "role",
      kind: "text",
      value: "ROLE",
      help: "what it allows; each one includes those before it",
      choices: ["read", "write", "agent", "control"],
      default: "write",
    },
    ...QUOTA_OPTIONS,
    {
      name: "inherit",
      kind: "text",
      value: "OLD",
      help: "with add: go on with what a removed token of this name made",
    },
    { name: "tokens", kind: "text", value: "FILE", help: "the file for all repositories of a server, instead" },
    { name: "json", kind: "flag", help: "as JSON" },
  ],
  actions: ACTIONS,
  positionals: { min: 1, max: 3 },
  permissions(parsed, around) {
    const isRead = actionOf(parsed) === "ls";
    limitsIn(parsed);
    const shared = text(parsed, "tokens");
    if (shared === undefined) return { read: [around.repo], write: isRead ? [] : [`${around.repo}/.dbx`] };
    const path = absolute(shared, around.cwd);
    // A new file takes the place of the old one.
    const folder = path.slice(0, path.lastIndexOf("/")) || "/";
    return isRead ? { read: [path] } : { read: [folder], write: [folder] };
  },
  load: () => import("./token_run.ts"),
};
