import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import { absolute } from "../repo/locate.ts";
import type { Command, Parsed } from "./command.ts";
import { text } from "./parse.ts";

/** What can be done with tokens. */
const ACTIONS = ["add", "ls", "rm"] as const;

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
  usage: "add NAME [--role ROLE] | ls | rm NAME",
  details:
    `Tokens that open a repository at its servers. add prints the token once; only its hash is kept, in .dbx/tokens.json, which is
never synchronised, or in the file of --tokens, for all repositories of a server that is given it. A server that runs sees a
change within a second: who has a removed token loses open streams, too. Once there was a token, everybody needs one, on this
machine too, also when the last one is removed; to open it again, remove the file and start the server anew.`,
  examples: [
    "dbx token add gpu-7 --role write",
    "dbx token ls",
    "dbx token rm gpu-7",
    "dbx token add me --role control --tokens ~/.config/dbx/tokens.json",
  ],
  options: [
    {
      name: "role",
      kind: "text",
      value: "ROLE",
      help: "what it allows; each one includes those before it",
      choices: ["read", "write", "control"],
      default: "write",
    },
    { name: "tokens", kind: "text", value: "FILE", help: "the file for all repositories of a server, instead" },
    { name: "json", kind: "flag", help: "as JSON" },
  ],
  positionals: { min: 1, max: 2 },
  permissions(parsed, around) {
    const isRead = actionOf(parsed) === "ls";
    const shared = text(parsed, "tokens");
    if (shared === undefined) return { read: [around.repo], write: isRead ? [] : [`${around.repo}/.dbx`] };
    const path = absolute(shared, around.cwd);
    // A new file takes the place of the old one.
    const folder = path.slice(0, path.lastIndexOf("/")) || "/";
    return isRead ? { read: [path] } : { read: [folder], write: [folder] };
  },
  load: () => import("./token_run.ts"),
};
