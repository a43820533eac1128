import type { Context } from "../../../cli/command.ts";
import { listSpools } from "../../../client/spool/list.ts";
import { listResult, type Result } from "../../../terminal/result.ts";
import { age } from "../../../terminal/values.ts";
import { theSpoolFolder } from "./the_folder.ts";

/** Lists what is to be sent. */
export async function run(context: Context): Promise<Result> {
  return listResult({
    items: await listSpools(theSpoolFolder(context), context.now),
    fields: ["path", "url", "user", "isAlive", "hasEnded", "aliveAt", "changedAt"],
    columns: [
      { head: "spool", text: ({ path }) => path },
      { head: "server", text: ({ url }) => url },
      { head: "state", text: ({ isAlive, hasEnded }) => isAlive ? "in use" : hasEnded ? "ended" : "not ended" },
      { head: "age", text: ({ changedAt }) => age(changedAt, context.now) },
    ],
    empty: "the spool is empty",
  });
}
