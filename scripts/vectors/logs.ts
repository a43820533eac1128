import { under, type VectorFile } from "./vector.ts";

/** A line of a log: its number, where it starts, its verdict, and the name of its event. */
type Line = readonly [line: number, offset: number, verdict: "event" | "note" | "damage", event?: string];

function log(id: string, bytes: string | { hex: string }, lines: readonly Line[], torn: number, reason: string) {
  const given = typeof bytes === "string" ? { text: bytes } : bytes;
  return {
    id,
    ...given,
    lines: lines.map(([line, offset, verdict, event]) => ({
      line,
      offset,
      verdict,
      ...event !== undefined && { event },
    })),
    torn,
    reason,
  };
}

/** Whole logs: where their lines are. */
export const LOGS: VectorFile = {
  about: "Whole logs: the lines that they have, with the verdict of each, and the bytes of a torn tail.",
  vectors: under(["F31", "F39", "F40"], [
    log("empty", "", [], 0, "a log in which nothing stands"),
    log("one", `{"event":"a"}\n`, [[1, 0, "event", "a"]], 0, "one line"),
    log("two", `{"event":"a"}\n{"event":"b"}\n`, [[1, 0, "event", "a"], [2, 14, "event", "b"]], 0, "two lines"),
    log(
      "torn",
      `{"event":"a"}\n{"event":"b`,
      [[1, 0, "event", "a"]],
      11,
      "what follows the last line feed is a torn tail",
    ),
    log("torn-only", `{"event":"a"}`, [], 13, "no whole line yet"),
    log("torn-space", `{"event":"a"}\n `, [[1, 0, "event", "a"]], 1, "also of white space"),
    log(
      "carriage-returns",
      `{"event":"a"}\r\n{"event":"b"}\r\n`,
      [[1, 0, "event", "a"], [2, 15, "event", "b"]],
      0,
      "a carriage return before the line feed is white space",
    ),
    log("only-carriage-returns", `{"event":"a"}\r{"event":"b"}\r`, [], 28, "a carriage return ends no line"),
    log(
      "line-separators",
      `{"event":"a","x":"\u2028\u2029\u0085"}\n{"event":"b"}\n`,
      [[1, 0, "event", "a"], [2, 29, "event", "b"]],
      0,
      "only the byte 0x0A ends a line",
    ),
    log(
      "other-line-ends",
      `{"event":"a","x":"\u2028"}\n\u2028{"event":"b"}\n`,
      [[1, 0, "event", "a"], [2, 24, "damage"]],
      0,
      "U+2028 is not white space of JSON",
    ),
    log(
      "empty-line",
      `{"event":"a"}\n\n{"event":"b"}\n`,
      [[1, 0, "event", "a"], [2, 14, "damage"], [3, 15, "event", "b"]],
      0,
      "an empty line is damage, and hides no other",
    ),
    log("line-feed-only", `\n`, [[1, 0, "damage"]], 0, "an empty line"),
    log(
      "line-feed-first",
      `\n{"event":"a"}\n`,
      [[1, 0, "damage"], [2, 1, "event", "a"]],
      0,
      "an empty line at the start",
    ),
    log(
      "byte-order-mark",
      `\ufeff{"event":"a"}\n{"event":"b"}\n`,
      [[1, 0, "damage"], [2, 17, "event", "b"]],
      0,
      "a byte order mark is damage of the first line",
    ),
    log(
      "byte-order-mark-later",
      `{"event":"a"}\n\ufeff{"event":"b"}\n`,
      [[1, 0, "event", "a"], [2, 14, "damage"]],
      0,
      "a byte order mark is not white space of JSON",
    ),
    log(
      "damage-between",
      `{"event":"a"}\nhello\n{"event":"b"}\n`,
      [[1, 0, "event", "a"], [2, 14, "damage"], [3, 20, "event", "b"]],
      0,
      "readers pass over damage and go on",
    ),
    log(
      "not-utf8-between",
      { hex: "7b226576656e74223a2261227d0aff0a7b226576656e74223a2262227d0a" },
      [[1, 0, "event", "a"], [2, 14, "damage"], [3, 16, "event", "b"]],
      0,
      "bytes that are not UTF-8 are damage of their line only",
    ),
    log(
      "cut-across-lines",
      { hex: "7b226576656e74223a2261c30aa4227d0a7b226576656e74223a2262227d0a" },
      [[1, 0, "damage"], [2, 13, "damage"], [3, 17, "event", "b"]],
      0,
      "a line feed ends a line, wherever it stands",
    ),
    log(
      "not-utf8-torn",
      { hex: "7b226576656e74223a2261227d0aff" },
      [[1, 0, "event", "a"]],
      1,
      "a torn tail is not damage, whatever it holds",
    ),
    log(
      "object-over-lines",
      `{"event":\n"a"}\n`,
      [[1, 0, "damage"], [2, 10, "damage"]],
      0,
      "one object over two lines is damage of both",
    ),
    log(
      "notes-among",
      `{"event":"a","ts":2}\n{"ts":1,"event":"b"}\n{"event":"c","ts":1.5}\n`,
      [[1, 0, "event", "a"], [2, 21, "note", "b"], [3, 42, "note", "c"]],
      0,
      "times need not ascend",
    ),
    log(
      "same-line-twice",
      `{"event":"a","ts":1}\n{"event":"a","ts":1}\n`,
      [[1, 0, "event", "a"], [2, 21, "event", "a"]],
      0,
      "two equal lines are two events",
    ),
  ]),
};
