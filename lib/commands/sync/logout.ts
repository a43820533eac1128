import type { Command } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";
import { serverOf, tokensFolder } from "./login.ts";

/** The options of `dbx logout`. */
export const OPTIONS = ACTION_OPTIONS;

/** `dbx logout`. */
export const command: Command<typeof OPTIONS> = {
  name: "logout",
  summary: "forget the token of a server",
  usage: "URL",
  details:
    `Removes the token that dbx login stored for exactly this URL. The server still accepts the token: dbx token rm revokes it.`,
  examples: ["dbx logout https://lab:7070"],
  options: OPTIONS,
  positionals: { min: 1, max: 1 },
  withoutRepository: () => true,
  async permissions(parsed, environment) {
    serverOf(parsed, "log out");
    const { read, write } = await tokensFolder(environment);
    return { read, write };
  },
};
