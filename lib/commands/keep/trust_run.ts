import { NotFoundError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { readFolders, writeFolders } from "../../client/location/trust.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { absolute } from "../../base/paths.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { flag } from "../../cli/parse.ts";
import { trustConfigPath } from "./trust.ts";

/** Changes or prints what is trusted. */
export function run(context: Context, parsed: Parsed): Promise<number> {
  const config = trustConfigPath(context);
  const folders = readFolders(config);
  const [dir] = parsed.positionals;
  const print = (paths: readonly string[], lines: readonly string[]) => {
    if (flag(parsed, "json")) context.stdout.json({ folders: paths });
    else for (const line of lines) context.stdout.line(line);
  };
  if (dir === undefined || flag(parsed, "list")) {
    print(folders, folders);
    if (folders.length === 0 && !flag(parsed, "json")) {
      context.stderr.line("dbx: only your own folders and those of root are trusted; dbx trust DIR adds another");
    }
    return Promise.resolve(0);
  }
  const given = absolute(dir, context.cwd);
  const path = new RootFolder(given).realPath();
  if (flag(parsed, "remove")) {
    // What is gone by now can be removed by the name that it had.
    const kept = folders.filter((folder) => folder !== path && folder !== given);
    if (kept.length === folders.length) {
      throw new NotFoundError(`Cannot remove "${path}": it is not in the list${didYouMean(path, folders)}`);
    }
    writeFolders(config, kept);
    print(kept, [`"${path}" is no longer trusted`]);
    return Promise.resolve(0);
  }
  if (new RootFolder(path).lstat("") === undefined) {
    throw new NotFoundError(`Cannot trust "${path}": it does not exist`);
  }
  const all = [...new Set([...folders, path])];
  writeFolders(config, all);
  print(all, [`"${path}" and everything below it is trusted`]);
  return Promise.resolve(0);
}
