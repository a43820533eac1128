import type { CharacterSet } from "../plot/cells/characters.ts";

/**
 * What can be drawn with where the environment is this one: ASCII where a locale is named that is not of UTF-8, or the terminal is
 * a dumb one; blocks on the console of Linux, whose fonts have no braille. Without a locale, as in most containers, UTF-8 is assumed.
 */
export function charactersOf(env: Readonly<Record<string, string>>): CharacterSet {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "C.UTF-8";
  if (env.TERM === "dumb" || !/utf-?8/i.test(locale)) return "ascii";
  return env.TERM === "linux" ? "blocks" : "braille";
}
