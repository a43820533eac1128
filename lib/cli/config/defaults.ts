import { DbxError, messageOf, UsageError } from "../../base/errors.ts";
import { absolute } from "../../base/paths.ts";
import { isUrl } from "../../base/server_url.ts";
import { parseLocation } from "../../client/location/location.ts";
import { isNamedFolder, type Trust } from "../../client/location/trust.ts";
import type { Command } from "../command.ts";
import type { Parsed } from "../options.ts";
import { isForPeople, type PrintOptions } from "../print_options.ts";
import { checkValue } from "./check_value.ts";
import type { ConfigFile } from "./files.ts";
import { KEYS, REMOTES } from "./keys.ts";
import { readAllSettings, type Setting } from "./read.ts";

/** Values of options where a command line gives none. */
export type Defaults = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What files of settings say. */
export class Config {
  private constructor(readonly settings: ReadonlyMap<string, Setting>, readonly trust: Trust) {}

  static async read(files: readonly ConfigFile[], trust: Trust): Promise<Config> {
    return new Config(await readAllSettings(files), trust);
  }

  /**
   * The repository, and the folder of the project that says so; without one, the user says it of every folder.
   *
   * @throws {DbxError} For the URL of a server in a project that the user did not trust: what a run prints would go there.
   */
  repository(): { readonly repo: string; readonly below?: string } | undefined {
    const setting = this.settings.get("repo");
    if (setting === undefined) return undefined;
    const { value, file: { of, folder, name } } = setting;
    const { place: repo, isFar } = placeOf(String(value), folder);
    if (of === "project" && isFar && !isNamedFolder(folder, this.trust)) {
      throw new DbxError(
        `Cannot use the repository ${repo} because ${folder}/${name} names it, which may come from somebody else; ` +
          `if you trust it, run dbx trust "${folder}", or name the repository with --repo`,
      );
    }
    return { repo, ...of === "project" && { below: folder } };
  }

  /** The repositories to synchronise with, by name: those that the user named, and those of a project, which may be anybody's. */
  remotes(): Record<string, { readonly url: string; readonly isOwn: boolean }> {
    const remotes: Record<string, { url: string; isOwn: boolean }> = {};
    for (const [name, { value, file }] of this.settings) {
      if (name.startsWith(REMOTES)) {
        const { place: url } = placeOf(String(value), file.folder);
        remotes[name.slice(REMOTES.length)] = { url, isOwn: file.of === "user" };
      }
    }
    return remotes;
  }

  /**
   * The values of options that a command line does not give.
   *
   * @throws {UsageError} For a value that the option cannot have, with the file that says it.
   */
  async defaultsFor(command: Command, { options }: Parsed): Promise<Defaults> {
    const defaults: Record<string, string | number | boolean | readonly string[]> = {};
    for (const { name, option, commands } of KEYS) {
      const setting = this.settings.get(name);
      if (setting === undefined || option === undefined || !commands?.includes(command.name)) continue;
      const { value } = setting;
      // What a program reads does not depend on whose machine it runs on.
      if (command.name === "ls" && !isForPeople(options as PrintOptions)) continue;
      if (option === "scalars" && (options.scalars !== undefined || options["no-scalars"] === true)) continue;
      // What the command line gives instead is checked by the command; lists add up.
      if (options[option] === undefined || Array.isArray(options[option])) await checkSetting(setting);
      if (option === "scalars") {
        defaults[value === false ? "no-scalars" : "scalars"] = value === false ? true : value;
      } else defaults[option] = option === "cols" ? (value as string[]).join(",") : value;
    }
    return defaults;
  }
}

async function checkSetting({ key, value, file: { folder, name } }: Setting): Promise<void> {
  try {
    await checkValue(key, value);
  } catch (error) {
    throw new UsageError(`${messageOf(error)}; ${key.name} is set to that in "${folder}/${name}"`);
  }
}

/** What a setting names: a path is relative to the folder of the file. */
function placeOf(text: string, folder: string): { readonly place: string; readonly isFar: boolean } {
  const isFar = isUrl(text) || parseLocation(text, folder).kind !== "folder";
  return { place: isFar ? text : absolute(text, folder), isFar };
}
