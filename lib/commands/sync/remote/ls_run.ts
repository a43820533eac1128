import type { Context } from "../../../cli/command.ts";
import { ConfirmedRemotes } from "../../../client/location/confirmed_remotes.ts";
import { allRemotes } from "../../../client/location/remotes.ts";
import { listResult, type Result } from "../../../terminal/result.ts";

/** Lists remotes. */
export function run(context: Context): Promise<Result> {
  const known = new ConfirmedRemotes(context.env);
  const items = Object.entries(allRemotes(context)).map(([name, { url, isOwn }]) => {
    return { name, url, confirmed: isOwn === true || known.has(context.repo, url) };
  });
  return Promise.resolve(listResult({
    items,
    fields: ["name", "url", "confirmed"],
    columns: [
      { head: "name", text: ({ name }) => name },
      { head: "location", text: ({ url }) => url },
      { head: "", text: ({ confirmed }) => confirmed ? "" : "not confirmed" },
    ],
    empty: "there are no remotes; dbx remote add NAME LOCATION adds one",
  }));
}
