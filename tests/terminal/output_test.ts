import { Painted } from "../../lib/terminal/colours.ts";
import { printTable } from "../../lib/terminal/table.ts";
import { progressBar } from "../../lib/terminal/progress.ts";
import { streamSink } from "../../lib/terminal/sink.ts";
import { assertEquals, assertStringIncludes } from "../assert.ts";
import { keptOutputs } from "./sink.ts";

const none = { permissions: "none" } as const;
const bytes = (text: string) => new TextEncoder().encode(text);
const EVIL = "a\x1b]0;owned\x07b\rc\nd\u009b31m\u202etxt";
const SHOWN = "a\\x1b]0;owned\\x07b\\rc\\nd\\x9b31m\\u202etxt";

Deno.test("Output: what others wrote stays in its line and moves nothing, on a terminal and in a pipe", none, () => {
  for (const isTerminal of [true, false]) {
    const { stdout, take } = keptOutputs({ isTerminal });
    stdout.line("note: ", EVIL);
    assertEquals(take(), `note: ${SHOWN}\n`);
    stdout.lines([EVIL, ["x ", EVIL]]);
    assertEquals(take(), `${SHOWN}\nx ${SHOWN}\n`);
    stdout.ownText(`one\ntwo\x1b[2J\n`);
    assertEquals(take(), "one\ntwo\\x1b[2J\n");
    stdout.prompt(`Trust ${EVIL}? `);
    assertEquals(take(), `Trust ${SHOWN}? `);
  }
});

Deno.test("Output: records are data in a pipe, and lines on a terminal", none, () => {
  const records = ['"x\x1b[31m","y\nz"\n', "b\n"];
  const pipe = keptOutputs({ isTerminal: false });
  pipe.stdout.records(records);
  assertEquals(pipe.take(), records.join(""));
  const terminal = keptOutputs({ isTerminal: true });
  terminal.stdout.records(records);
  assertEquals(terminal.take(), '"x\\x1b[31m","y\\nz"\nb\n');
});

Deno.test("Output: JSON keeps its value and holds nothing that a terminal obeys", none, () => {
  const value = { [EVIL]: [EVIL, "\ud800", "\u{e0041}", "\x7f", "ü🚀", "\u2028"] };
  const { stdout, take } = keptOutputs({ isTerminal: false });
  stdout.json(value, 2);
  const text = take();
  assertEquals(JSON.parse(text), value);
  assertEquals(/[[\p{Cc}\u202a-\u202e\u2028]--\n]/v.test(text), false);
  assertStringIncludes(text, "ü🚀");
  assertStringIncludes(text, "\\udb40\\udc41");
});

Deno.test("Output: colours are its own, also around what others wrote", none, () => {
  const { stdout, take } = keptOutputs({ isTerminal: true, colour: true });
  stdout.line("run ", new Painted("fin\x1b[0mished", "green"), "\x1b[32m");
  assertEquals(take(), "run \x1b[32mfin\\x1b[0mished\x1b[0m\\x1b[32m\n");
});

Deno.test("Output: a bar that an interrupted command left is cleared, and nothing else", none, () => {
  const { stdout, stderr, take } = keptOutputs({ isTerminal: true });
  stderr.draw("reading logs ███░ 75%");
  assertEquals(take(), "\r\x1b[Kreading logs ███░ 75%");
  stderr.clear();
  stderr.clear();
  assertEquals(take(), "\r\x1b[K");
  stderr.draw("reading");
  stdout.line("a line");
  stderr.clear();
  assertEquals(take(), "\r\x1b[Kreading\r\x1b[Ka line\n");
  stderr.draw("a bar \x1b[A\u009bA");
  assertEquals(take(), "\r\x1b[Ka bar \\x1b[A\\x9bA");
});

Deno.test("Output: what dbx says stands on a line of its own, and the child's bytes are as they were", none, () => {
  const { stderr, take } = keptOutputs({ isTerminal: false });
  stderr.line("dbx: start");
  stderr.passBytes(bytes("\r 50%|##"));
  stderr.passBytes(bytes(""));
  stderr.line("dbx: found");
  stderr.line("dbx: more");
  stderr.passBytes(bytes("\r100%|####\n"));
  stderr.line("dbx: end");
  assertEquals(take(), "dbx: start\n\r 50%|##\ndbx: found\ndbx: more\n\r100%|####\ndbx: end\n");
});

Deno.test("Output: what was drawn above is known to have moved, also by a message of the other output", none, () => {
  for (const isTerminal of [true, false]) {
    const { stdout, stderr } = keptOutputs({ isTerminal, stdoutIsTerminal: true });
    stdout.line("plot");
    const { writes } = stdout;
    assertEquals(stdout.writes, writes);
    stderr.line("message");
    assertEquals(stdout.writes !== writes, isTerminal);
  }
});

Deno.test("Output: on a terminal stdout counts too, elsewhere it is another place", none, () => {
  for (const [isTerminal, expected] of [[true, "no end\ndbx: end\n"], [false, "no enddbx: end\n"]] as const) {
    const { stdout, stderr, take } = keptOutputs({ isTerminal });
    stdout.passBytes(bytes("no end"));
    stderr.line("dbx: end");
    assertEquals(take(), expected);
  }
});

Deno.test("printTable: a cell is one line, as wide as it looks, and cut where the terminal ends", none, () => {
  const kept = keptOutputs({ isTerminal: true });
  printTable(kept.stdout, ["a\nb", "c"], [["x\ty", "1"], ["\x1b[31m", "20"]]);
  assertEquals(
    kept.take(),
    "a\\nb       c\nx\\ty       1\n\\x1b[31m  20\n",
  );
  kept.columns = 6;
  printTable(kept.stdout, ["name"], [["\x1b\x1b\x1b\x1b"]]);
  assertEquals(kept.take(), "name\n\\x1b\\…\n");
});

Deno.test("streamSink: a pipe has the width that COLUMNS says, and no colours", () => {
  const stream = { isTerminal: () => false, writeSync: (data: Uint8Array) => data.length };
  const sink = streamSink(stream, { COLUMNS: "132" });
  assertEquals([sink.columns, sink.colour, streamSink(stream, {}).columns], [132, false, 80]);
});

Deno.test(
  "Output: a terminal of ASCII gets no ellipsis and no blocks; a pipe gets them",
  { permissions: "none" },
  () => {
    const lines = ["… 3 more", "a text that was cu…", "ID …", "(…)"];
    const shown = (isTerminal: boolean) => {
      const { stdout, take } = keptOutputs({ isTerminal, characters: "ascii" });
      stdout.lines(lines);
      return take().trimEnd().split("\n");
    };
    assertEquals(shown(true), ["... 3 more", "a text that was cu~", "ID ...", "(...)"]);
    assertEquals(shown(false), lines);
    const { stderr, take } = keptOutputs({ isTerminal: true, characters: "ascii" });
    let now = 0;
    const draw = progressBar(stderr, "work", () => now);
    now = 1000;
    draw(1, 2);
    assertStringIncludes(take(), "work ############------------ 50%");
  },
);
