import type { Command } from "../../cli/command.ts";
import { serverOf, tokensFolder } from "./login.ts";

/** `dbx logout`. */
export const command: Command = {
  name: "logout",
  summary: "forget the token of a server",
  usage: "URL",
  details:
    `Removes the token that dbx login stored for exactly this URL. The server still accepts the token: dbx token rm revokes it.`,
  examples: ["dbx logout https://lab:7070"],
  options: [],
  positionals: { min: 1, max: 1 },
  withoutRepository: () => true,
  async permissions(parsed, around) {
    serverOf(parsed, "log out");
    const { read, write } = await tokensFolder(around);
    return { read, write };
  },
  load: () => import("./logout_run.ts"),
};
