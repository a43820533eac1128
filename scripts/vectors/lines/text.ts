import { damage, event } from "./line.ts";
import { under, type Vector } from "../vector.ts";

const hex = (text: string): string => {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** A line with bytes in the middle of a text. */
const withBytes = (bytes: string) => ({ hex: hex(`{"event":"a","ts":1,"x":"`) + bytes + hex(`"}\n`) });

/** Escapes, surrogates, control characters and bytes that are not UTF-8. */
export const TEXT_LINES: readonly Vector[] = [
  event("escapes", String.raw`{"event":"a","ts":1,"x":"\"\\\/\b\f\n\r\t"}`, [
    "a",
    1,
    String.raw`{"x":"\"\\/\b\f\n\r\t"}`,
  ], "all escapes of JSON"),
  event(
    "escape-unicode",
    String.raw`{"event":"a","ts":1,"x":"\u00e9\u00E9"}`,
    ["a", 1, `{"x":"éé"}`],
    "digits of both cases",
  ),
  event(
    "escape-nul",
    String.raw`{"event":"a","ts":1,"x":"a\u0000b"}`,
    ["a", 1, String.raw`{"x":"a\u0000b"}`],
    "U+0000 as an escape",
  ),
  event(
    "escape-line-feed",
    String.raw`{"event":"a","ts":1,"x":"a\nb\u000ac"}`,
    ["a", 1, String.raw`{"x":"a\nb\nc"}`],
    "a line feed in a text is an escape",
  ),
  event("escape-slashes", String.raw`{"event":"a","ts":1,"x":"C:\\new\\table"}`, [
    "a",
    1,
    String.raw`{"x":"C:\\new\\table"}`,
  ], "backslashes in pairs"),
  event("escape-quote-last", String.raw`{"event":"a","ts":1,"x":"\\\"","y":"\\"}`, [
    "a",
    1,
    String.raw`{"x":"\\\"","y":"\\"}`,
  ], "a backslash and a quote at the end"),
  event(
    "pair-escaped",
    String.raw`{"event":"a","ts":1,"x":"\ud83d\ude80"}`,
    ["a", 1, `{"x":"🚀"}`],
    "two escapes that are one character",
  ),
  event("pair-raw", `{"event":"a","ts":1,"x":"🚀"}`, ["a", 1, `{"x":"🚀"}`], "the same in UTF-8"),
  event(
    "half-high",
    String.raw`{"event":"a","ts":1,"x":"\ud800"}`,
    ["a", 1, String.raw`{"x":"\ud800"}`],
    "a half of a surrogate pair as an escape",
  ),
  event(
    "half-low",
    String.raw`{"event":"a","ts":1,"x":"\udc00b"}`,
    ["a", 1, String.raw`{"x":"\udc00b"}`],
    "a half of a surrogate pair as an escape",
  ),
  event("halves-wrong-order", String.raw`{"event":"a","ts":1,"x":"\ude80\ud83d"}`, [
    "a",
    1,
    String.raw`{"x":"\ude80\ud83d"}`,
  ], "two halves that are not a pair"),
  event("half-in-key", String.raw`{"event":"a","ts":1,"\ud800":1}`, ["a", 1, String.raw`{"\ud800":1}`], "in a key"),
  event("half-in-name", String.raw`{"event":"a\ud800","ts":1}`, [`a\ud800`, 1, "{}"], "in the name of an event"),
  event(
    "unicode",
    `{"event":"größe/日本語","ts":1,"Δ":"é é"}`,
    ["größe/日本語", 1, `{"Δ":"é é"}`],
    "texts are never normalised",
  ),
  ...under("F31", [
    event(
      "line-separators",
      `{"event":"a","ts":1,"x":"\u2028\u2029\u0085"}`,
      ["a", 1, `{"x":"\u2028\u2029\u0085"}`],
      "U+2028, U+2029 and U+0085 end no line",
    ),
  ]),
  event("mark-in-text", `{"event":"a","ts":1,"x":"\ufeff"}`, ["a", 1, `{"x":"\ufeff"}`], "U+FEFF within a text"),
  event("noncharacters", `{"event":"a","ts":1,"x":"\uffff\ufffe\u{10ffff}"}`, [
    "a",
    1,
    `{"x":"\uffff\ufffe\u{10ffff}"}`,
  ], "the last code points"),
  event(
    "replacement",
    `{"event":"a","ts":1,"x":"\ufffd"}`,
    ["a", 1, `{"x":"\ufffd"}`],
    "U+FFFD is a character like others",
  ),
  event(
    "delete",
    `{"event":"a","ts":1,"x":"\x7f\x80\x9f"}`,
    ["a", 1, `{"x":"\x7f\x80\x9f"}`],
    "U+007F to U+009F in a text are JSON",
  ),
  event("private", `{"event":"a","ts":1,"x":"\ue000"}`, ["a", 1, `{"x":"\ue000"}`], "a character for private use"),
  event(
    "long-text",
    `{"event":"a","ts":1,"x":"${"long ".repeat(300)}"}`,
    ["a", 1, `{"x":"${"long ".repeat(300)}"}`],
    "lines may be long",
  ),

  ...under("F40", [
    damage("raw-tab", `{"event":"a","ts":1,"x":"a\tb"}`, "a control character in a text is an escape"),
    damage("raw-nul", `{"event":"a","ts":1,"x":"a\0b"}`, "a control character in a text is an escape"),
    damage("raw-carriage-return", `{"event":"a","ts":1,"x":"a\rb"}`, "a control character in a text is an escape"),
    damage("raw-escape", `{"event":"a","ts":1,"x":"\x1b[0m"}`, "a control character in a text is an escape"),
    damage("raw-unit-separator", `{"event":"a","ts":1,"x":"\x1f"}`, "U+001F is a control character too"),
    damage("escape-unknown", String.raw`{"event":"a","ts":1,"x":"\x41"}`, "no escape of JSON"),
    damage("escape-single-quote", String.raw`{"event":"a","ts":1,"x":"\'"}`, "no escape of JSON"),
    damage("escape-short", String.raw`{"event":"a","ts":1,"x":"\u12"}`, "four digits"),
    damage("escape-letter", String.raw`{"event":"a","ts":1,"x":"\u12g4"}`, "hexadecimal digits"),
    damage("escape-braces", String.raw`{"event":"a","ts":1,"x":"\u{41}"}`, "no escape of JSON"),
    damage("escape-at-end", String.raw`{"event":"a","ts":1,"x":"\"}`, "the text does not end"),

    damage("utf8-alone", withBytes("80"), "a byte that only follows others"),
    damage("utf8-ff", withBytes("ff"), "a byte that UTF-8 does not have"),
    damage("utf8-fe", withBytes("fe"), "a byte that UTF-8 does not have"),
    damage("utf8-c0", withBytes("c080"), "U+0000 in two bytes"),
    damage("utf8-c1", withBytes("c1bf"), "a character in more bytes than it needs"),
    damage("utf8-overlong-3", withBytes("e080af"), "a character in more bytes than it needs"),
    damage("utf8-overlong-4", withBytes("f08080af"), "a character in more bytes than it needs"),
    damage("utf8-surrogate", withBytes("eda080"), "half of a surrogate pair in UTF-8"),
    damage("utf8-surrogates", withBytes("eda0bdedba80"), "a surrogate pair in UTF-8"),
    damage("utf8-beyond", withBytes("f4908080"), "beyond U+10FFFF"),
    damage("utf8-f5", withBytes("f5808080"), "beyond U+10FFFF"),
    damage("utf8-cut-2", withBytes("c3"), "a character that is cut off"),
    damage("utf8-cut-3", withBytes("e697"), "a character that is cut off"),
    damage("utf8-cut-4", withBytes("f09f9a"), "a character that is cut off"),
    damage("latin-1", withBytes("6772f6df65"), "a text in ISO 8859-1"),
    damage("utf8-in-key", { hex: hex(`{"event":"a","ts":1,"`) + "ff" + hex(`":1}\n`) }, "in a key"),
    damage("utf8-in-name", { hex: hex(`{"event":"`) + "ff" + hex(`","ts":1}\n`) }, "in the name of an event"),
    damage("utf8-behind", { hex: hex(`{"event":"a","ts":1}`) + "ff0a" }, "behind the object"),
    damage("utf16", { hex: "7b0022006500760065006e00740022003a002200610022007d000a" }, "a line in UTF-16"),
    damage("gzip", { hex: "1f8b0800000000000203ab564a0a" }, "not text at all"),
  ]),
  event("utf8-edges", `{"event":"a","ts":1,"x":"\u0080\u07ff\u0800\ud7ff\ue000\u{10000}"}`, [
    "a",
    1,
    `{"x":"\u0080\u07ff\u0800\ud7ff\ue000\u{10000}"}`,
  ], "the least and greatest of each length"),
];
