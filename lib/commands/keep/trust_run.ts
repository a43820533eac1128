import { NotFoundError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { readFolders, writeFolders } from "../../client/location/trust.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { refuseFields } from "../../cli/print_options.ts";
import { listResult, type Result } from "../../terminal/result.ts";
import { absolute } from "../../base/paths.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { type OPTIONS, trustConfigPath } from "./trust.ts";

/** Changes or prints what is trusted. */
export function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const config = trustConfigPath(context);
  const folders = readFolders(config);
  const { list, remove } = parsed.options;
  const [dir] = parsed.positionals;
  if (dir === undefined || list) return Promise.resolve(listOf(folders));
  refuseFields(parsed.options);
  const given = absolute(dir, context.cwd);
  const path = new RootFolder(given).realPath();
  if (remove) {
    // What is gone by now can be removed by the name that it had.
    const kept = folders.filter((folder) => folder !== path && folder !== given);
    if (kept.length === folders.length) {
      throw new NotFoundError(`Cannot remove "${path}": it is not in the list${didYouMean(path, folders)}`);
    }
    writeFolders(config, kept);
    return Promise.resolve(listOf(kept, `"${path}" is no longer trusted`));
  }
  if (new RootFolder(path).lstat("") === undefined) {
    throw new NotFoundError(`Cannot trust "${path}": it does not exist`);
  }
  const all = [...new Set([...folders, path])];
  writeFolders(config, all);
  return Promise.resolve(listOf(all, `"${path}" and everything below it is trusted`));
}

/** The folders that are trusted. `said`: what people read instead, after a change. */
function listOf(folders: readonly string[], said?: string): Result {
  const items = folders.map((folder) => ({ folder }));
  if (said !== undefined) return listResult({ items, fields: ["folder"], end: () => ({ exitCode: 0, line: said }) });
  return listResult({
    items,
    fields: ["folder"],
    line: ({ folder }) => [folder],
    empty: "only your own folders and those of root are trusted; dbx trust DIR adds another",
  });
}
