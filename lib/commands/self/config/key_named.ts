import { UsageError } from "../../../base/errors.ts";
import { didYouMean } from "../../../base/suggest.ts";
import { type ConfigKey, keyOf } from "../../../cli/config/keys.ts";
import { KEY_NAMES } from "./options.ts";

/** The setting that a word names. */
export function keyNamed(word: string): ConfigKey {
  const key = keyOf(word);
  if (key !== undefined) return key;
  const hint = didYouMean(word, KEY_NAMES) || `; there are ${KEY_NAMES.join(", ")} and remotes.NAME`;
  throw new UsageError(`Cannot find the setting "${word}"${hint}`);
}
