import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Command, Parsed } from "./command.ts";
import { tokenFile } from "./serve.ts";

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
    `Tokens of the servers of a repository. add prints the token once; only its hash is kept, in .dbx/tokens.json, which is never
synchronised. A server that runs sees a change within a second. Once there is a token, everybody needs one, on this machine too.`,
  examples: ["dbx token add gpu-7 --role write", "dbx token ls", "dbx token rm gpu-7"],
  options: [
    {
      name: "role",
      kind: "text",
      value: "ROLE",
      help: "what it allows; each one includes those before it",
      choices: ["read", "agent", "write", "control", "admin"],
      default: "write",
    },
    { name: "json", kind: "flag", help: "as JSON" },
  ],
  positionals: { min: 1, max: 2 },
  permissions(parsed, around) {
    const folder = tokenFile(around.repo).replace(/\/[^/]*$/, "");
    const isRead = actionOf(parsed) === "ls";
    return { read: [around.repo], write: isRead ? [] : [folder] };
  },
  load: () => import("./token_run.ts"),
};
