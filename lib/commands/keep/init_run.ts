import { DbxError, UsageError } from "../../base/errors.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import { initRepository } from "../../repo/open.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { type OPTIONS, target } from "./init.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { warnOfMarker } from "../../cli/repository/problems.ts";

/** Makes a repository. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const path = await target(parsed.positionals[0], context);
  const shared = parsed.options.shared;
  const { repository, created } = await initRepository(path, { shared }).catch((error) => {
    if (!isAbsent(error)) throw error;
    const why = error instanceof Deno.errors.NotADirectory
      ? "a part of the path is a file"
      : "the system does not let a folder be created there";
    throw new DbxError(`Cannot make a repository in "${path}": ${why}`);
  });
  if (!created && shared !== undefined) {
    throw new UsageError(
      `Cannot share "${path}": it is a repository already, and has files that others may not write; create a new one with ` +
        `--shared ${shared} and synchronise it with this one (dbx sync)`,
    );
  }
  warnOfMarker(context, repository);
  return recordResult({ id: repository.id, path, created }, {
    text: (out) =>
      out.line(created ? `created the repository ${repository.id} in ${path}` : `${path} is a repository already`),
  });
}
