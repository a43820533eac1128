import { parseEvent } from "../../../lib/format/events/parse_event.ts";
import { MAX_SERIES_ARRAY_LENGTH, patternOf, seriesOf, splitSeriesKey } from "../../../lib/format/events/series_key.ts";
import { assert, assertEquals } from "../../assert.ts";
import { Random } from "../random.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

type Expected = [key: string, step: number | undefined, coordinates: number[], value: number];

const CASES: readonly [line: string, points: Expected[]][] = [
  ['{"event":"loss","value":1}', [["loss:value", undefined, [], 1]]],
  ['{"event":"train/epoch/3","train_loss":0.5}', [["train/epoch/*:train_loss", 3, [3], 0.5]]],
  ['{"event":"7/a/08/9b","x":1}', [["*/a/*/9b:x", 8, [7, 8], 1]]],
  ['{"event":"12","x":1}', [["*:x", 12, [12], 1]]],
  ['{"event":"a/3","step":100,"x":1}', [["a/*:x", 100, [3], 1]]],
  ['{"event":"a/3","step":"x","y":1}', [["a/*:y", 3, [3], 1]]],
  ['{"event":"a/3","step":{"_dbx":"nan"}}', [["a/*:step", 3, [3], NaN]]],
  ['{"event":"a","step":5}', []],
  ['{"event":"a","m":{"step":5}}', [["a:m.step", undefined, [], 5]]],
  ['{"event":"a","m":{"x":1,"y":{"z":2}},"l":[3,[4]]}', [
    ["a:m.x", undefined, [], 1],
    ["a:m.y.z", undefined, [], 2],
    ["a:l.0", undefined, [], 3],
    ["a:l.1.0", undefined, [], 4],
  ]],
  ['{"event":"a","n":{"_dbx":"nan"},"i":{"_dbx":"-inf"}}', [
    ["a:n", undefined, [], NaN],
    ["a:i", undefined, [], -Infinity],
  ]],
  ['{"event":"a","b":true,"s":"1","z":null,"e":{},"f":{"_dbx":"expfile","size":3}}', []],
  ['{"event":"dbx/file","size":3}', []],
  ['{"event":"dbx","size":3}', [["dbx:size", undefined, [], 3]]],
  ['{"event":"a/1234567890123456","x":1}', [["a/1234567890123456:x", undefined, [], 1]]],
  ['{"event":"a/-1/1.5/٣","x":1}', [["a/-1/1.5/٣:x", undefined, [], 1]]],
  ['{"event":"a","x.y":1,"x":{"y":2}}', [["a:x\\.y", undefined, [], 1], ["a:x.y", undefined, [], 2]]],
  ['{"event":"a:b/*","c":1}', [["a\\:b/\\*:c", undefined, [], 1]]],
  ['{"event":"a","__proto__":{"x":1},"":2}', [["a:__proto__.x", undefined, [], 1], ["a:", undefined, [], 2]]],
];

test("seriesOf: each numeric leaf, its step and its coordinates", () => {
  for (const [line, expected] of CASES) {
    const points = seriesOf(parseEvent(line));
    const found = points.map(({ key, step, coordinates, value }) => [key, step, [...coordinates], value]);
    assertEquals(found as Expected[], expected, line);
  }
});

test("seriesOf takes a long array for a piece of data", () => {
  const list = (length: number) => ({ event: "a", data: { l: Array(length).fill(1) } });
  assertEquals(seriesOf(list(MAX_SERIES_ARRAY_LENGTH)).length, MAX_SERIES_ARRAY_LENGTH);
  assertEquals(seriesOf(list(MAX_SERIES_ARRAY_LENGTH + 1)).length, 0);
});

test("seriesOf takes data apart that are as deep as they may be", () => {
  const deep = '{"event":"a","x":' + '{"y":'.repeat(499) + "1" + "}".repeat(499) + "}";
  assertEquals(seriesOf(parseEvent(deep)).map(({ key, value }) => [key, value]), [["a:x" + ".y".repeat(499), 1]]);
});

test("splitSeriesKey undoes the escapes, and different leaves have different keys", () => {
  assertEquals(splitSeriesKey("train/epoch/*:a.b"), { pattern: "train/epoch/*", path: ["a", "b"] });
  const random = new Random(5);
  for (let i = 0; i < 2000; i++) {
    const names = Array.from({ length: 1 + random.below(3) }, () => random.key());
    const event = "e" + random.text();
    let data: unknown = 1;
    for (const name of names.toReversed()) data = JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(data)}}`);
    if (names[0] === "step" && names.length === 1) continue;
    const points = seriesOf({ event, data: data as never });
    assertEquals(points.length, 1);
    assertEquals(splitSeriesKey(points[0].key), { pattern: patternOf(event).pattern, path: names });
  }
  assert(splitSeriesKey("a\\:b:c").pattern === "a\\:b");
});
