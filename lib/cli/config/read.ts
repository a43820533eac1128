import { DbxError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { didYouMean } from "../../base/suggest.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import type { ConfigFile } from "./files.ts";
import { type ConfigKey, keyOf, KEYS } from "./keys.ts";
import { tomlReason } from "./toml_reason.ts";

/** Bytes of a file of settings at most. */
const MAX_BYTES = 1024 * 1024;

/** What a setting may be. */
export type ConfigValue = string | number | false | readonly string[];

/** A setting, and the file that has it. */
export interface Setting {
  readonly key: ConfigKey;
  readonly value: ConfigValue;
  readonly file: ConfigFile;
}

/** The settings of a file, by their names. Throws for an unknown name: a typo would have no effect. */
export async function readSettings(file: ConfigFile): Promise<Map<string, Setting>> {
  const { parse } = await import("smol-toml");
  const path = `${file.folder}/${file.name}`;
  const settings = new Map<string, Setting>();
  try {
    const text = new RootFolder(file.folder).readText(file.name);
    if (text.length > MAX_BYTES) throw new Error("it is larger than 1 MiB");
    for (const [name, value] of flat(parse(text))) {
      const key = keyOf(name);
      if (key === undefined) {
        throw new Error(
          `"${name}" is not a setting${didYouMean(name, KEYS.map(({ name }) => name)) || "; see dbx config ls --all"}`,
        );
      }
      settings.set(name, { key, value: checked(key, value), file });
    }
  } catch (error) {
    throw new DbxError(`Cannot read "${path}": ${tomlReason(error)}`);
  }
  return settings;
}

/** The settings of all files; those of later ones win, or are added. */
export async function readAllSettings(files: readonly ConfigFile[]): Promise<Map<string, Setting>> {
  const all = new Map<string, Setting>();
  for (const file of files) {
    for (const [name, setting] of await readSettings(file)) {
      const before = setting.key.addsUp === true ? all.get(name)?.value : undefined;
      const value = before === undefined ? setting.value : [...before as string[], ...setting.value as string[]];
      all.set(name, { ...setting, value });
    }
  }
  return all;
}

/** A value of the kind that a setting has. */
export function checked({ name, kind }: ConfigKey, value: unknown): ConfigValue {
  const cannot = (what: string) => new Error(`${name} must be ${what}`);
  switch (kind) {
    case "text":
      if (typeof value !== "string" || value === "") throw cannot("a text");
      return value;
    case "textOrFalse":
      if (value !== false && typeof value !== "string") throw cannot("a text or false");
      return value;
    case "count":
      if (!Number.isSafeInteger(Number(value)) || Number(value) < 0) throw cannot("a whole number, 0 or more");
      return Number(value);
    case "list": {
      const list = typeof value === "string" ? [value] : value;
      if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) throw cannot("a list of texts");
      return list;
    }
  }
}

/** The members of a file, those of tables with a dot. */
function flat(json: object): [string, unknown][] {
  return Object.entries(json).flatMap(([name, value]) =>
    isObject(value)
      ? Object.entries(value).map(([inner, value]): [string, unknown] => [`${name}.${inner}`, value])
      : [[name, value]]
  );
}
