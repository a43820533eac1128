import type { Command } from "../../../cli/command.ts";
import { command as top, type OPTIONS } from "../top.ts";

/** `dbx ui`: another name of `dbx top`. */
export const command: Command<typeof OPTIONS> = {
  ...top,
  name: "ui",
  summary: "the same as dbx top",
  examples: top.examples?.map((example) => example.replace("dbx top", "dbx ui")),
};
