// What an attacker writes where somebody will read it on a terminal.
import type { Random } from "../format/random.ts";

/** What only stands in attacks: a line that begins with it was forged. */
export const FORGED = "FORGED";

/** Attacks that terminals are known for, by name. Each holds something that must not come through. */
export const ATTACKS: Readonly<Record<string, string>> = {
  "the title is set (OSC 0)": "\x1b]0;pwned\x07",
  "the title is set (OSC 2, ST)": "\x1b]2;pwned\x1b\\",
  "the clipboard is written (OSC 52)": "\x1b]52;c;cm0gLXJmIH4K\x07",
  "the terminal answers as if somebody typed (DECRQSS)": "\x1bP$q;id\n\x1b\\",
  "the title is typed (CSI 21 t)": "\x1b]l;id\x07\x1b[21t",
  "the terminal answers (DA, DSR, ENQ)": "\x1b[c\x1b[6n\x05",
  "a link hides where it leads (OSC 8)": `\x1b]8;;http://evil.example/\x1b\\good.example\x1b]8;;\x1b\\`,
  "the line above is overwritten": `\x1b[1A\x1b[2K${FORGED}`,
  "the line is overwritten (CR)": `bad\r${FORGED}`,
  "the line is overwritten (BS)": `bad\b\b\b${FORGED}`,
  "a line is added (LF)": `x\n${FORGED}: all is well`,
  "a line is added (NEL, LS, PS, VT, FF)": `x\u0085${FORGED}\u2028${FORGED}\u2029${FORGED}\v${FORGED}\f${FORGED}`,
  "words are hidden (conceal)": "\x1b[8mrm -rf\x1b[28m",
  "the screen is cleared, another one shown": "\x1b[2J\x1b[H\x1bc\x1b[?1049h",
  "keys are redefined": '\x1b[0;59;"id";13p',
  "a file is written (iTerm2, OSC 1337)": "\x1b]1337;File=name=eA==;inline=0:aWQK\x07",
  "C1: CSI, OSC, DCS, ST as one character": "\u009b2J\u009d0;pwned\u009c\u0090$qm\u009c\u0084\u008d",
  "another set of characters": "\x0e\x1b(0qqq\x0f\x1b%@",
  "right to left": "gpj.\u202eexe\u2066\u2069\u202a\u202b\u202c\u202d\u2067\u2068\u200e\u200f\u061c",
  "invisible": "lo\u200bss\u200c\u200d\u2060\u00ad\u180e\ufeff\u034f\u3164\uffa0\u{e0041}\u{e007f}\ufff9x\ufffb",
  "nul and delete": "a\0b\x7fc",
  "half a pair": "\ud83d and \ude80",
};

const ALL = Object.values(ATTACKS);

/** Random text of these, of their pieces, and of any characters. */
export function hostileText(random: Random): string {
  const piece = (): string => {
    const kind = random.below(6);
    if (kind < 3) return random.pick(ALL);
    if (kind === 3) {
      const attack = random.pick(ALL);
      return attack.slice(0, 1 + random.below(attack.length));
    }
    if (kind === 4) {
      return String.fromCharCode(
        random.pick([random.below(0x20), 0x7f + random.below(0x21), 0x2000 + random.below(0x70)]),
      );
    }
    return random.pick(["plain", " ", "ü", "🚀", "`", '"', "\\", "$(id)", "|", "<br>", "=1+1", "\t"]);
  };
  return Array.from({ length: 1 + random.below(4) }, piece).join("");
}

/** The sequences that dbx makes itself: colours, a bar that is drawn again, an answer that is drawn again. */
// deno-lint-ignore no-control-regex
const OWN = /\x1b\[(?:2;)?(?:0|1|3[1-6]|38;5;\d+|9[0-6])m|\r\x1b\[K|\x1b\[\d+A\x1b\[J/g;

/**
 * What is wrong with bytes that came to a terminal; undefined where nothing is. The attacks hold none of the sequences that dbx
 * makes, so that all of these are its own.
 */
export function whatCameThrough(text: string): string | undefined {
  const rest = text.replaceAll("\r\n", "\n").replace(OWN, "");
  const bad =
    /[[\p{Cc}\p{Cs}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\u061c\ufeff\u00ad\u{e0000}-\u{e0fff}]--[\n\t]]/v
      .exec(rest);
  if (bad !== null) {
    return `${JSON.stringify(bad[0])} in ${JSON.stringify(rest.slice(Math.max(0, bad.index - 80), bad.index + 40))}`;
  }
  const forged = rest.split("\n").find((line) => line.startsWith(FORGED));
  return forged === undefined ? undefined : `a line of the attacker's: ${JSON.stringify(forged)}`;
}
