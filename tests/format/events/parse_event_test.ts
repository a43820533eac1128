import { DamageError } from "../../../lib/base/errors.ts";
import { encodeEvent } from "../../../lib/format/events/encode_event.ts";
import { formatDeviation } from "../../../lib/format/events/format_deviation.ts";
import { parseEvent } from "../../../lib/format/events/parse_event.ts";
import { decodeValue } from "../../../lib/format/json/value.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { Random } from "../random.ts";

const BROKEN: readonly [line: string, reason: string][] = [
  ["", "an empty line"],
  ["  \r", "an empty line"],
  ["{", "not JSON"],
  ["hello", "not JSON"],
  ['{"event":"a"', "not JSON"],
  ['{"event":"a"}{"event":"b"}', "not JSON"],
  ['{"event":"a",}', "not JSON"],
  ["{'event':'a'}", "not JSON"],
  ['\ufeff{"event":"a"}', "not JSON"],
  ['{"event":"a","x":NaNs}', "not JSON"],
  ['{"event":"a","x":+Infinity}', "not JSON"],
  ['{"event":"a","s":"NaN}', "not JSON"],
  ['{"event":"a\u0000","b":1}', "not JSON"],
  ["[]", "not a JSON object but an array"],
  ["null", "not a JSON object but null"],
  ["NaN", "no string `event`"],
  ["3", "not a JSON object but a number"],
  ["{}", "no string `event`"],
  ['{"ts":1}', "no string `event`"],
  ['{"event":1}', "no string `event`"],
  ['{"event":null,"ts":1}', "no string `event`"],
];

Deno.test({
  name: "parseEvent says why a line is not an event",
  permissions: "none",
  fn() {
    for (const [line, reason] of BROKEN) assertThrows(() => parseEvent(line), DamageError, reason);
  },
});

Deno.test({
  name: "parseEvent fails with nothing but DamageError on damaged lines",
  permissions: "none",
  fn() {
    const random = new Random(4);
    for (let i = 0; i < 3000; i++) {
      const line = encodeEvent("e/" + i, i, random.object(2));
      const at = random.below(line.length);
      const damaged = i % 2 === 0 ? line.slice(0, at) : line.slice(0, at) + random.text() + line.slice(at + 1);
      try {
        assertEquals(typeof parseEvent(damaged).event, "string");
      } catch (error) {
        assert(error instanceof DamageError, String(error));
      }
    }
  },
});

const FOREIGN: readonly [line: string, data: unknown, ts: number | undefined, irregular: string | undefined][] = [
  ['{"event": "a", "loss": 0.5}', { loss: 0.5 }, undefined, undefined],
  ['{"event":"a","ts":5,"x":1}\r\n', { x: 1 }, 5, undefined],
  ['{"event":"a","ts":5.9}', {}, 5, "not an integer"],
  ['{"event":"a","ts":"now"}', { ts: "now" }, undefined, "not an integer"],
  ['{"ts":5,"event":"a"}', {}, 5, "first key"],
  ['{"event":"a","x":1,"ts":5}', { x: 1 }, 5, "second key"],
  ['{"event":"a","ts":5,"1":1}', { "1": 1 }, 5, undefined],
  ['{"1":1,"event":"a","ts":5}', { "1": 1 }, 5, "first key"],
  ['{"event":"","ts":5}', {}, 5, "empty"],
  [
    '{"event":"a","ts":5,"x":NaN,"y":[-Infinity,Infinity],"s":"NaN, \\"Infinity\\\\"}',
    {
      x: NaN,
      y: [-Infinity, Infinity],
      s: 'NaN, "Infinity\\',
    },
    5,
    "bare NaN",
  ],
];

Deno.test({
  name: "parseEvent reads what other programs write, and formatDeviation says what is odd",
  permissions: "none",
  fn() {
    for (const [line, data, ts, irregular] of FOREIGN) {
      const event = parseEvent(line);
      assertEquals(decodeValue(event.data), data, line);
      assertEquals(event.ts, ts, line);
      const found = formatDeviation(line);
      assert(irregular === undefined ? found === undefined : found?.includes(irregular), `${line}: ${found}`);
    }
  },
});

Deno.test({
  name: "parseEvent of v0 has ts among the data",
  permissions: "none",
  fn: () => assertEquals(parseEvent('{"event":"a","ts":5}', 0), { event: "a", data: { ts: 5 } }),
});
