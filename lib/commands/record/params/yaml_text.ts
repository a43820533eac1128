// A package of CommonJS: a bundle knows its names only where they are imported so.
import { parse } from "yaml";

/** The value of a text of YAML. */
export function parseYaml(text: string): unknown {
  return parse(text, { merge: true, intAsBigInt: true, prettyErrors: true });
}
