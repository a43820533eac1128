import { UsageError } from "../../base/errors.ts";
import { initRepository } from "../../repo/open.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { target } from "./init.ts";
import { flag, text } from "../../cli/parse.ts";
import { warnOfMarker } from "../../cli/repository/problems.ts";

/** Makes a repository. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const path = await target(parsed.positionals[0], context);
  const shared = text(parsed, "shared");
  const { repository, created } = await initRepository(path, {
    shared: shared === "group" || shared === "all" ? shared : undefined,
  });
  if (!created && shared !== undefined) {
    throw new UsageError(
      `Cannot share "${path}": it is a repository already, and has files that others may not write; create a new one with ` +
        `--shared ${shared} and synchronise it with this one (dbx sync)`,
    );
  }
  warnOfMarker(context, repository);
  if (flag(parsed, "json")) context.stdout.json({ id: repository.id, path, created });
  else {context.stdout.line(
      created ? `created the repository ${repository.id} in ${path}` : `${path} is a repository already`,
    );}
  return 0;
}
