import { printable, printableJson } from "../../lib/base/printable.ts";
import { assertEquals } from "../assert.ts";

const none = { permissions: "none" } as const;

Deno.test("printable: what a terminal would obey or not show is written out", none, () => {
  for (
    const [text, shown] of [
      ["plain\ttext", "plain\ttext"],
      ["\x1b]0;title\x07", "\\x1b]0;title\\x07"],
      ["\u009b2J\u009d0;t\u009c\u0090$q\u009c", "\\x9b2J\\x9d0;t\\x9c\\x90$q\\x9c"],
      ["a\nb\rc\x00\x7f\x0e\x0f", "a\\nb\\rc\\x00\\x7f\\x0e\\x0f"],
      ["gpj.\u202eexe\u2066\u2069\u200f\u061c", "gpj.\\u202eexe\\u2066\\u2069\\u200f\\u061c"],
      ["lo\u200bss pa\u00adram \ufeff\u3164\u{e0041}\u2060", "lo\\u200bss pa\\xadram \\ufeff\\u3164\\u{e0041}\\u2060"],
      ["\ud800x\udfff", "\\ud800x\\udfff"],
      ["a\u2028b\u2029c\u0085", "a\\u2028b\\u2029c\\x85"],
      ["tr\u200dain a\ufe0f", "tr\\u200dain a\\ufe0f"],
    ]
  ) assertEquals(printable(text), shown);
});

Deno.test("printable: what belongs to words and pictures stays", none, () => {
  for (
    const text of [
      "Grüße, naïve café",
      "实验 実験 실험",
      "می\u200cخواهم",
      "क्\u200dष",
      "👩\u200d🔬 ❤\ufe0f 1\ufe0f⃣ 🏳\ufe0f\u200d🌈",
      "⠁⡇ └── █░ …",
      "שלום مرحبا",
    ]
  ) assertEquals(printable(text), text);
});

Deno.test("printable: every code point that remains is one that a terminal shows", none, () => {
  for (let code = 0; code < 0x11_0000; code++) {
    const text = String.fromCodePoint(code);
    const shown = printable(text);
    const isHidden = code !== 9 && (code < 32 || (code >= 127 && code < 160) || (code >= 0xd800 && code < 0xe000) ||
      /[\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\u061c\ufeff]/.test(text));
    if (isHidden && /[^\x20-\x7e]/.test(shown)) throw new Error(`${code.toString(16)}: ${shown}`);
    if (shown !== text && printable(shown) !== shown) throw new Error(code.toString(16));
  }
});

Deno.test("printableJson: the value stays the same", none, () => {
  const value = { "k\u009b": "\x1b\x7f\u202e\u2028\u{e0041}x\ud800\ufeffü\n" };
  for (const indent of [undefined, 2]) {
    const text = printableJson(JSON.stringify(value, null, indent));
    assertEquals(JSON.parse(text), value);
    assertEquals(/[\x7f-\x9f\u202e\u2028\ud800-\udfff\ufeff]/u.test(text), false);
  }
});
