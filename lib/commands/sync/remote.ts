import type { Command } from "../../cli/command.ts";

/** `dbx remote`. */
export const command: Command = {
  name: "remote",
  summary: "manage the named repositories to synchronise with",
  usage: "ls | add NAME LOCATION | rm NAME | trust NAME",
  details:
    `The names are stored in .dbx/config.json of this copy only. push, pull and sync use the one named origin by default.
Nothing is exchanged with a remote that you did not add until you confirm it with trust, because the author of a copied repository may
have written anything there. Tokens are stored in your own configuration: see dbx login.`,
  examples: [
    "dbx remote add origin user@gpu:output",
    "dbx remote add lab https://lab:7070",
    "dbx remote trust origin",
    "dbx remote ls",
  ],
  options: [
    { name: "json", kind: "flag", help: "as JSON" },
  ],
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
  load: () => import("./remote_run.ts"),
};
