import { absolute } from "../repo/locate.ts";
import type { Command } from "./command.ts";
import { text } from "./parse.ts";

/** `dbx remote`. */
export const command: Command = {
  name: "remote",
  summary: "names of repositories to synchronise with",
  usage: "ls | add NAME LOCATION [--token-file FILE] | rm NAME",
  details:
    `The names are kept in .dbx/config.json of this copy alone. push, pull and sync go to the one named origin if none is given.
A token is never kept there, only the file that holds it.`,
  examples: [
    "dbx remote add origin user@gpu:output",
    "dbx remote add lab http://lab:7070 --token-file ~/.lab-token",
    "dbx remote ls",
  ],
  options: [
    { name: "token-file", kind: "text", value: "FILE", help: "the file that holds the token for it" },
    { name: "json", kind: "flag", help: "as JSON" },
  ],
  positionals: { min: 1, max: 3 },
  permissions(parsed, around) {
    const folder = `${around.repo}/.dbx`;
    const changes = parsed.positionals[0] !== "ls";
    const token = text(parsed, "token-file");
    return {
      read: [around.repo, ...(token === undefined ? [] : [absolute(token, around.cwd)])],
      write: changes ? [folder] : [],
    };
  },
  load: () => import("./remote_run.ts"),
};
