import type { JsonObject } from "../../base/json.ts";
import { COMMAND_EVENT } from "../../repo/control/requests.ts";
import type { Right } from "../../protocol/roles.ts";

/** What a line needs. `own`: the right `write` in an experiment of one's own, else the right `others`. */
export type Needed = Right | "own";

/** The notes that there are, and what each one needs. Others are taken only from those who may send copies as they are. */
export const NOTES: Readonly<Record<string, Needed>> = {
  "dbx/tag": "write",
  "dbx/note": "write",
  "dbx/rename": "write",
  "dbx/delete": "own",
  "dbx/restore": "own",
  [COMMAND_EVENT]: "control",
};

/** What an event in the log of a run needs beside the run itself; undefined: nothing. */
export function neededInLog(event: string, data: JsonObject): Right | undefined {
  // A run acknowledges there what it was asked for.
  if (event === COMMAND_EVENT && typeof data.ack !== "string") return "control";
  return undefined;
}
