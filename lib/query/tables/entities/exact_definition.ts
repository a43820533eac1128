import { definitionFile } from "../../../format/layout/names.ts";
import { isObject, type JsonObject } from "../../../base/json.ts";
import { quoteNonstandardNumbers } from "../../../format/json/nonstandard_numbers.ts";
import type { Store } from "../../../store/store.ts";
import { type ExactJson, parseExact } from "../../values/json_values.ts";

/** Where a definition is kept. */
export interface DefinitionPlace {
  readonly store: Store;
  /** The folder of the experiment or of the run. */
  readonly folder: string;
}

/**
 * A part of a definition, with integers as they were written. Definitions are parsed into doubles, so the few that hold an
 * integer beyond 2^53 are read again.
 *
 * @param key The key of the definition that the part is; undefined for the custom keys, which stand beside the others.
 */
export async function exactPart(
  { store, folder }: DefinitionPlace,
  part: JsonObject,
  key: string | undefined,
): Promise<ExactJson> {
  try {
    const text = new TextDecoder().decode(await store.read(definitionFile(folder)));
    const whole = parseExact(quoteNonstandardNumbers(text) ?? text);
    if (!isObject(whole)) return part;
    const definition = whole as Record<string, ExactJson>;
    if (key !== undefined) return isObject(definition[key]) ? definition[key] : part;
    return Object.fromEntries(Object.keys(part).map((name) => [name, definition[name] ?? part[name]]));
  } catch {
    // It was removed in the meantime: what was read first has to do.
    return part;
  }
}
