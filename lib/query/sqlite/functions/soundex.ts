import { toText } from "../../values/convert.ts";
import type { RegisteredFunction } from "../database.ts";

/** The codes of the letters from A to Z; 0 has none. */
const CODES = "01230120022455012623010202";

/** The Soundex code of a text, as SQLite computes it where it is built with it: of ASCII letters alone. */
export const SOUNDEX: RegisteredFunction = {
  name: "soundex",
  count: 1,
  compute: (value) => {
    const [text] = value === null ? [""] : toText(value).split("\0");
    const letters = text.slice(Math.max(0, text.search(/[a-z]/i))).toUpperCase();
    if (!/^[A-Z]/.test(letters)) return "?000";
    let found = letters[0];
    let last = codeOf(letters[0]);
    for (const letter of letters.slice(1)) {
      if (found.length === 4) break;
      const code = codeOf(letter);
      if (code !== "0" && code !== last) found += code;
      last = code;
    }
    return found.padEnd(4, "0");
  },
};

function codeOf(letter: string): string {
  return CODES[letter.charCodeAt(0) - 65] ?? "0";
}
