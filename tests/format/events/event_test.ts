import { DamageError, UsageError } from "../../../lib/base/errors.ts";
import { checkEventName, MAX_EVENT_NAME_LENGTH } from "../../../lib/format/events/event_name.ts";
import { encodeEvent } from "../../../lib/format/events/encode_event.ts";
import { formatDeviation } from "../../../lib/format/events/format_deviation.ts";
import { parseEvent } from "../../../lib/format/events/parse_event.ts";
import { isPlainJson } from "../../../lib/format/json/plain_json.ts";
import { decodeValue, encodeValue } from "../../../lib/format/json/value.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { Random } from "../random.ts";

const LINES: readonly [name: string, event: string, data: unknown, line: string][] = [
  [
    "flat data",
    "train",
    { loss: 0.5, ok: true, s: "x", n: null },
    '"train","ts":7,"loss":0.5,"ok":true,"s":"x","n":null',
  ],
  ["no data", "e", {}, '"e","ts":7'],
  ["undefined", "e", undefined, '"e","ts":7'],
  ["only undefined fields", "e", { a: undefined }, '"e","ts":7'],
  ["null", "e", null, '"e","ts":7,"value":null'],
  ["a number", "e", 3, '"e","ts":7,"value":3'],
  ["a number that JSON lacks", "e", NaN, '"e","ts":7,"value":{"_dbx":"nan"}'],
  ["a text", "e", "a\n", '"e","ts":7,"value":"a\\n"'],
  ["an array", "e", [1, Infinity], '"e","ts":7,"value":[1,{"_dbx":"inf"}]'],
  ["a date", "e", new Date(0), '"e","ts":7,"value":"1970-01-01T00:00:00.000Z"'],
  ["a map", "e", new Map([["a", 1]]), '"e","ts":7,"a":1'],
  ["a file itself", "e", { _dbx: "expfile", name: "n" }, '"e","ts":7,"value":{"_dbx":"expfile","name":"n"}'],
  ["nested NaN", "e", { a: { b: [NaN] } }, '"e","ts":7,"a":{"b":[{"_dbx":"nan"}]}'],
  ["keys event and ts [F33]", "e", { ts: 1, a: 2, event: "x" }, '"e","ts":7,"_ts":1,"a":2,"_event":"x"'],
  ["keys event and _event [F33]", "e", { event: 1, _event: 2 }, '"e","ts":7,"__event":1,"_event":2'],
  ["a nested key event", "e", { a: { event: 1, ts: 2 } }, '"e","ts":7,"a":{"event":1,"ts":2}'],
  ["a name to be quoted", 'a"b\\c é', { a: 1 }, '"a\\"b\\\\c é","ts":7,"a":1'],
  ["lone surrogates", "\ud800", { "\udc00": "\ud83d" }, '"\\ud800","ts":7,"\\udc00":"\\ud83d"'],
  ["line separators of Unicode", "e", { s: "\u2028\u2029\u0085" }, '"e","ts":7,"s":"\u2028\u2029\u0085"'],
  ["minus zero", "e", { a: -0, b: [-0] }, '"e","ts":7,"a":0,"b":[0]'],
  [
    "a class",
    "e",
    new (class {
      x = 1;
      y = NaN;
    })(),
    '"e","ts":7,"x":1,"y":{"_dbx":"nan"}',
  ],
  ["no prototype", "e", Object.assign(Object.create(null), { a: 1 }), '"e","ts":7,"a":1'],
  ["a toJSON of its own", "e", { a: 1, toJSON: () => ({ b: 2 }) }, '"e","ts":7,"b":2'],
  ["a key __proto__", "e", JSON.parse('{"__proto__":{"a":1},"b":1}'), '"e","ts":7,"__proto__":{"a":1},"b":1'],
  ["a key __proto__, the long way", "e", JSON.parse('{"__proto__":1,"ts":2}'), '"e","ts":7,"__proto__":1,"_ts":2'],
];

for (const [name, event, data, line] of LINES) {
  Deno.test({
    name: `encodeEvent: ${name}`,
    permissions: "none",
    fn() {
      const text = encodeEvent(event, 7, data);
      assertEquals(text, `{"event":${line}}\n`);
      const back = parseEvent(text);
      assertEquals(back.event, event);
      assertEquals(back.ts, 7);
      assertEquals(formatDeviation(text), undefined);
    },
  });
}

Deno.test({
  name: "encodeEvent refuses times that are no whole milliseconds",
  permissions: "none",
  fn() {
    for (const ts of [NaN, Infinity, 1.5, 2 ** 53, "1" as unknown as number]) {
      assertThrows(() => encodeEvent("e", ts, {}), UsageError, "whole milliseconds");
    }
    assertEquals(encodeEvent("e", -5, {}), '{"event":"e","ts":-5}\n');
  },
});

Deno.test({
  name: "encodeEvent refuses what no line can hold, wherever it stands [F32]",
  permissions: "none",
  fn() {
    const cycle: Record<string, unknown> = {};
    cycle.self = { cycle };
    assertThrows(() => encodeEvent("e", 1, cycle), UsageError, "data.self.cycle");
    assertThrows(() => encodeEvent("e", 1, { f: () => 1 }), UsageError, "data.f");
    assertThrows(() => encodeEvent("e", 1, () => 1), UsageError, '"data"');
    assertThrows(() => encodeEvent("", 1, {}), UsageError, "empty");
    assertThrows(() => encodeEvent("a\nb", 1, {}), UsageError, "control character");
    // The refused name is not remembered as a good one.
    assertThrows(() => encodeEvent("a\nb", 1, {}), UsageError, "control character");
  },
});

Deno.test({
  name: "encodeEvent and parseEvent are inverse, one line each, for random data",
  permissions: "none",
  fn() {
    const random = new Random(2);
    for (let i = 0; i < 3000; i++) {
      const name = "e" + random.text().replace(/\p{Cc}/gu, "");
      const data = random.object();
      if (Object.hasOwn(data, "_dbx")) continue;
      const line = encodeEvent(name, i, data);
      assertEquals(line.indexOf("\n"), line.length - 1);
      // As the bytes of a file, and back.
      const { event, ts, data: json } = parseEvent(new TextDecoder().decode(new TextEncoder().encode(line)));
      assertEquals({ event, ts, data: decodeValue(json) }, { event: name, ts: i, data });
      assertEquals(formatDeviation(line), undefined);
    }
  },
});

Deno.test({
  name: "isPlain: JSON.stringify writes what it accepts just as encodeValue does",
  permissions: "none",
  fn() {
    const random = new Random(3);
    let plain = 0;
    for (let i = 0; i < 5000; i++) {
      const value = i % 2 === 0 ? random.object(2) : random.json(2);
      if (!isPlainJson(value)) continue;
      plain++;
      assertEquals(JSON.stringify(value), JSON.stringify(encodeValue(value)));
    }
    assert(plain > 1000);
    const cases = [new Map(), new Date(), [], 1, null, "a", { a: 1n }, { a: [new Date()] }, { a: { b: Symbol() } }];
    for (const value of cases) assert(!isPlainJson(value));
  },
});

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
  name: "parseEvent says why a line is no event",
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
  name: "parseEvent reads what other programs write, and irregularity says what is odd",
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
  name: "parseEvent of version 0 has ts among the data",
  permissions: "none",
  fn: () => assertEquals(parseEvent('{"event":"a","ts":5}', 0), { event: "a", data: { ts: 5 } }),
});

Deno.test({
  name: "checkEventName refuses empty, long and controlling names [F32]",
  permissions: "none",
  fn() {
    for (const name of ["a", "train/epoch/3", "日本 🚀", "x".repeat(MAX_EVENT_NAME_LENGTH), " ", "/"]) {
      checkEventName(name);
    }
    const bad = ["", "x".repeat(MAX_EVENT_NAME_LENGTH + 1), "a\tb", "\0", "\x7f", "\u0085", 3 as unknown as string];
    for (const name of bad) assertThrows(() => checkEventName(name), UsageError, "Cannot name an event");
  },
});
