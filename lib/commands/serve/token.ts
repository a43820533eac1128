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
    `Cannot do "${word}" with tokens: it must be one of ${ACTIONS.join(", ")}${didYouMean(word, ACTIONS)}`,
  );
}

/** `dbx token`. */
export const command: Command = {
  name: "token",
  summary: "manage the tokens of dbx serve",
  usage: "add NAME [--role ROLE] | ls | rm NAME | renew NAME | rename NAME NEW | set NAME",
  details:
    `Tokens give access to a repository through its servers. add prints the token once; only its hash is stored, in .dbx/tokens.json,
which is never synchronised, or in the file given by --tokens, for all repositories of a server that uses it. A running server applies
a change within a second and closes the connections of a removed token. Once a token has been added, everyone needs one, on this
machine too, even after the last one is removed; to open the server again, remove the file and restart it.
Roles: read; write also creates experiments and runs, and tags any experiment; agent also takes queued starts; control also starts and
stops runs, writes to what others created, and purges (dbx rm --purge). An experiment or run belongs to the token that created it:
other tokens with write can add their own runs, tags and notes, but cannot log to its runs, end them or delete them. renew prints a
new token that replaces the old one, rename changes its name; what it created still belongs to it. Only control can write to what a
removed token created; add --inherit OLD creates a token that takes it over. set changes the role or the limits of a token. ls shows how
much each token has written to the repository.`,
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
      help: "what it allows; each role includes those before it",
      choices: ["read", "write", "agent", "control"],
      default: "write",
    },
    ...QUOTA_OPTIONS,
    {
      name: "inherit",
      kind: "text",
      value: "OLD",
      help: "with add: take over what a removed token of this name created",
    },
    { name: "tokens", kind: "text", value: "FILE", help: "use this file, for all repositories of a server" },
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
