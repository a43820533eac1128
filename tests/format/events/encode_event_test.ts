import { UsageError } from "../../../lib/base/errors.ts";
import { encodeEvent } from "../../../lib/format/events/encode_event.ts";
import { formatDeviation } from "../../../lib/format/events/format_deviation.ts";
import { parseEvent } from "../../../lib/format/events/parse_event.ts";
import { decodeValue } from "../../../lib/format/json/value.ts";
import { assertEquals, assertThrows } from "../../assert.ts";
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
