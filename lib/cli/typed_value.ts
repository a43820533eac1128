import type { Json } from "../base/json.ts";
import { isMarker } from "../redact/rules/marker.ts";
import { parseLiteral } from "./literal.ts";

/** An integer or decimal number as programs print and read them; Python's `1_000` too. */
const NUMBER = /^[+-]?(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d+)?$/;
/** A text in quotes that a shell left: hydra and fire take what is in them as text. */
const QUOTED = /^(["'])((?:(?!\1)[^\\])*)\1$/s;
/** The last part of a name whose value is a label, not a quantity. */
const LABEL =
  /(?:^|[._/-])(?:version|ver|release|revision|rev|tag|build|id|name|commit|sha|hash|date|python|cuda)(?:[._-]?(?:str|string|text|name))?$/i;

/**
 * A text as the value that it looks like: a number, true, false, null, a list or an object, else the text itself.
 *
 * A number is written in an ordinary notation: `0.10` and `1e-3` are the numbers 0.1 and 0.001. What is an identifier
 * rather than a quantity stays text, as it would come back changed: leading zeros (`007`), integers that a double cannot
 * hold, and, where `name` is that of a label (`version`, `tag`, `run-id`), anything that does not print back the same
 * (`1.10` of `--version`). Quotes inside of the word keep any value a text: `'"5"'`.
 */
export function parseTypedValue(text: string, name = ""): Json {
  if (NUMBER.test(text)) return numberOf(text, LABEL.test(name)) ?? text;
  switch (text) {
    case "true":
    case "True":
    case "TRUE":
      return true;
    case "false":
    case "False":
    case "FALSE":
      return false;
    case "null":
    case "None":
      return null;
  }
  const quoted = QUOTED.exec(text);
  if (quoted !== null) return quoted[2];
  return /^[[{(]/.test(text) && !isMarker(text) ? parseLiteral(text, (word) => parseTypedValue(word)) ?? text : text;
}

/** Whether a text is read as a number. */
export function isNumeric(text: string): boolean {
  return NUMBER.test(text) && typeof parseTypedValue(text) === "number";
}

function numberOf(text: string, isLabel: boolean): number | undefined {
  const number = Number(text.replaceAll("_", ""));
  if (!Number.isFinite(number)) return undefined;
  if (isLabel) return String(number) === text ? number : undefined;
  const isInteger = /^[+-]?[\d_]+$/.test(text);
  // Digits that a double cannot hold, such as those of a long id, and leading zeros say something that a number would not.
  if (isInteger && (!Number.isSafeInteger(number) || /^[+-]?0\d/.test(text))) return undefined;
  return number;
}
