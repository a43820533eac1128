import { secretName } from "./rules/secret_names.ts";
import { isSecretValue, looksRandom } from "./rules/secret_values.ts";

/** A shorter value may stand in a text by chance. */
const MIN_VALUE_LENGTH = 8;
/** More are not looked for. */
const MAX_VALUES = 200;

/**
 * The secrets that an environment holds by the names of its variables: they are redacted wherever they stand, even
 * where neither name nor shape reveals them. Only values that are not a word that may mean something else elsewhere.
 */
export function knownValues(env: Readonly<Record<string, string>>): string[] {
  const values = new Set<string>();
  for (const [name, value] of Object.entries(env)) {
    const known = secretName(name);
    if (known === undefined || !isSecretValue(known, value)) continue;
    for (const line of value.split(/\r?\n/)) {
      if (line.length >= MIN_VALUE_LENGTH && /^[\x20-\x7e]+$/.test(line) && isOdd(line)) values.add(line);
    }
  }
  return [...values].slice(0, MAX_VALUES);
}

function isOdd(value: string): boolean {
  return looksRandom(value) || value.length >= 16 || (value.length >= 12 && /[a-z]/.test(value) && /[A-Z]/.test(value));
}
