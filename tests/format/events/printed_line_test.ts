import { encodeEvent } from "../../../lib/format/events/encode_event.ts";
import { parseEvent } from "../../../lib/format/events/parse_event.ts";
import { isPrintedLine, printedEventLine, printedLineOf } from "../../../lib/format/events/printed_line.ts";
import { assertEquals } from "../../assert.ts";

const none = { permissions: "none" } as const;

/** Printed lines, and whether they can be kept as lines of a log. */
const LINES: readonly (readonly [text: string, isKept: boolean])[] = [
  ['{"event":"loss","value":0.5}', true],
  ['{"event": "train/epoch/3", "loss": 1e-05, "grad": {"norm": [1, 2.5, null, true]}}', true],
  ['{ "event" : "x" }  ', true],
  ['{"event":"x"}', true],
  ['{"event":"x","text":"é \\u00e9 \\ud800 \\" \u2028 {\\"ts\\":1}"}', true],
  ['{"event":"x","a":1,"a":2}', true],
  ['{"event":"x","n":9007199254740993}', true],
  ['{"event":"x","ts":5,"a":1}', true],
  ['{"event":"x","a":{"ts":7},"ts":-5 }', true],
  ['{"event":"x","ts":5.5}', false],
  ['{"event":"x","ts":1e300}', false],
  ['{"event":"x","ts":5,"ts":"noon"}', false],
  ['{"event":"x","ts":"noon"}', false],
  ['{"event":"x","ts":null}', false],
  // What readers take, and writers must not write.
  ['{"a":1,"event":"x"}', false],
  ['{"event":"x","loss":NaN}', false],
  ['{"event":"x","loss":1e999}', false],
  ['{"event":"x","loss":{"_dbx":"nan"}}', true],
  ['{"event":"x","text":"NaN, -Infinity"}', true],
  ['{"event":"x","_dbx":"nan"}', false],
  ['{"event":""}', false],
  ['{"event":"a\\nb"}', false],
];

Deno.test(
  "printedEventLine: the event and the printed text are both in the line, or there is no such line",
  none,
  () => {
    for (const [text, isKept] of LINES) {
      const event = parseEvent(text);
      const line = printedEventLine(text, event, 1767258004000);
      assertEquals(line !== undefined, isKept, text);
      if (line === undefined) continue;
      assertEquals(line.indexOf("\n"), line.length - 1);
      const bare = line.slice(0, -1);
      assertEquals(printedLineOf(bare), { ts: 1767258004000, text });
      assertEquals(parseEvent(bare), parseEvent(encodeEvent(event.event, event.ts ?? 1767258004000, event.data)), text);
      assertEquals(isPrintedLine(bare), true, text);
    }
  },
);

Deno.test(
  "isPrintedLine: a line that another program wrote with the time first is one only if it is strict",
  none,
  () => {
    for (
      const line of [
        '{"ts":1,"event":"a","x":NaN}',
        '{"ts":1,"a":1,"event":"x"}',
        '{"ts":1,"event":"x"',
        '{"ts":1,"x":2}',
      ]
    ) {
      assertEquals(isPrintedLine(line), false, line);
    }
  },
);

Deno.test("printedLineOf: an event that dbx encoded is none", none, () => {
  for (const data of [undefined, { a: 1 }, 5]) assertEquals(printedLineOf(encodeEvent("x", 5, data)), undefined);
});
