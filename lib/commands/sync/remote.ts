import type { Command, OptionSpec } from "../../cli/command.ts";

/** The options of `dbx remote`. */
export const OPTIONS = [
  { name: "json", kind: "flag", help: "as JSON" },
] as const satisfies readonly OptionSpec[];

/** `dbx remote`. */
export const command: Command<typeof OPTIONS> = {
  name: "remote",
  summary: "names of repositories to synchronise with",
  usage: "ls | add NAME LOCATION | rm NAME | trust NAME",
  details:
    `The names are kept in .dbx/config.json of this copy alone. push, pull and sync go to the one named origin if none is given.
Nothing is exchanged with a remote that you did not add, before you said that it is the right one: whoever packed a repository may
have written anything there. trust says so. Tokens are kept in your own configuration: see dbx login.`,
  examples: [
    "dbx remote add origin user@gpu:output",
    "dbx remote add lab https://lab:7070",
    "dbx remote trust origin",
    "dbx remote ls",
  ],
  options: OPTIONS,
  actions: ["ls", "add", "rm", "trust"],
  positionals: { min: 1, max: 3 },
  async permissions(parsed, around) {
    const { rememberPermissions } = await import("./peer/confirm.ts");
    const { read = [], write = [], make } = rememberPermissions(around);
    const [action] = parsed.positionals;
    if (action === "ls") return { read: [around.repo, ...read as string[]] };
    const settings = action === "trust" ? [] : [`${around.repo}/.dbx`];
    return { read: [around.repo, ...read as string[]], write: [...settings, ...write as string[]], make };
  },
};
