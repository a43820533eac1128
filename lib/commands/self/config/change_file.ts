import { DbxError } from "../../../base/errors.ts";
import type { Context } from "../../../cli/command.ts";
import { readSettings } from "../../../cli/config/read.ts";
import type { ConfigValue } from "../../../cli/config/read.ts";
import { tomlReason } from "../../../cli/config/toml_reason.ts";
import { replaceFile } from "../../../fs/files/atomic_file.ts";
import { isAbsent } from "../../../fs/files/file_operations.ts";
import { RootFolder } from "../../../fs/folders/root_folder.ts";
import { changedFile } from "./options.ts";
import { withSetting } from "./toml_lines.ts";

/**
 * Sets a value in a file, or takes it away. Returns the path of the file; undefined where there was nothing to take away.
 *
 * @throws {DbxError} Where the file would not say it afterwards: it is left as it was then.
 */
export async function changeFile(
  context: Context,
  isUser: boolean,
  name: string,
  value: ConfigValue | undefined,
): Promise<string | undefined> {
  const file = changedFile(context, isUser);
  const root = new RootFolder(file.folder);
  const path = `${file.folder}/${file.name}`;
  let before = "";
  try {
    before = root.readText(file.name);
    if (value === undefined && !(await readSettings(file)).has(name)) return undefined;
  } catch (error) {
    if (!isAbsent(error)) throw error;
    if (value === undefined) return undefined;
  }
  const after = withSetting(before, name, value);
  try {
    const { parse } = await import("smol-toml");
    parse(after);
  } catch (error) {
    throw new DbxError(`Cannot change "${path}": ${tomlReason(error)}; edit it by hand`);
  }
  replaceFile(root, file.name, after);
  return path;
}
