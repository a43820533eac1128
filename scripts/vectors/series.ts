import { under, type Vector, type VectorFile } from "./vector.ts";

/** A point: its key, its step, its coordinates and its value. */
type Point = readonly [
  key: string,
  step: number,
  coordinates: readonly number[],
  value: number | "nan" | "inf" | "-inf",
];

function log(id: string, lines: readonly string[], points: readonly Point[], reason: string): Vector {
  return {
    id,
    lines,
    points: points.map(([series, step, coordinates, value]) => {
      return { series, step, coordinates, value: typeof value === "string" ? { _dbx: value } : value };
    }),
    reason,
  };
}

const one = (id: string, line: string, points: readonly Point[], reason: string): Vector =>
  log(id, [line], points, reason);
const list = (length: number): string => JSON.stringify(Array.from({ length }, () => 1));

/** The points of logs. */
export const SERIES: VectorFile = {
  about:
    "Logs, and their points: of each its series, its step, the coordinates of its event and its value; the points of one line in any order.",
  vectors: under("F45", [
    one("value", `{"event":"loss","ts":1,"value":0.5}`, [["loss:value", 0, [], 0.5]], "the first point of its series"),
    one(
      "coordinate",
      `{"event":"train/epoch/3","ts":1,"loss":0.5}`,
      [["train/epoch/*:loss", 3, [3], 0.5]],
      "the last coordinate is the step",
    ),
    one(
      "coordinates",
      `{"event":"7/a/08/9b","ts":1,"x":1}`,
      [["*/a/*/9b:x", 8, [7, 8], 1]],
      "digits only, zeros in front count for nothing",
    ),
    one("only-digits", `{"event":"12","ts":1,"x":1}`, [["*:x", 12, [12], 1]], "a name that is a number"),
    one(
      "digits-15",
      `{"event":"a/123456789012345","ts":1,"x":1}`,
      [["a/*:x", 123456789012345, [123456789012345], 1]],
      "15 digits",
    ),
    one(
      "digits-16",
      `{"event":"a/1234567890123456","ts":1,"x":1}`,
      [["a/1234567890123456:x", 0, [], 1]],
      "16 digits are a name",
    ),
    one(
      "no-coordinates",
      `{"event":"a/-1/1.5/٣/1e3","ts":1,"x":1}`,
      [["a/-1/1.5/٣/1e3:x", 0, [], 1]],
      "only ASCII digits",
    ),
    one("empty-segments", `{"event":"/a//1/","ts":1,"x":1}`, [["/a//*/:x", 1, [1], 1]], "segments may be empty"),
    one(
      "step",
      `{"event":"a/3","ts":1,"step":100,"x":1}`,
      [["a/*:x", 100, [3], 1]],
      "step goes before the coordinate, and is not a point",
    ),
    one("step-only", `{"event":"a","ts":1,"step":5}`, [], "step itself is not a point"),
    one("step-fraction", `{"event":"a","ts":1,"step":0.5,"x":1}`, [["a:x", 0.5, [], 1]], "any number is a step"),
    one("step-negative", `{"event":"a","ts":1,"step":-1,"x":1}`, [["a:x", -1, [], 1]], "any number is a step"),
    one(
      "step-text",
      `{"event":"a/3","ts":1,"step":"x","y":1}`,
      [["a/*:y", 3, [3], 1]],
      "a step that is not a number does not count",
    ),
    one(
      "step-special",
      `{"event":"a/3","ts":1,"step":{"_dbx":"nan"}}`,
      [["a/*:step", 3, [3], "nan"]],
      "only a JSON number is a step; a special one is a point",
    ),
    one(
      "step-overflow",
      `{"event":"a/3","ts":1,"step":1e999}`,
      [["a/*:step", 3, [3], "inf"]],
      "a number beyond the range of a double is infinity",
    ),
    one("step-nested", `{"event":"a","ts":1,"m":{"step":5}}`, [["a:m.step", 0, [], 5]], "step at the top only"),
    one("nested", `{"event":"a","ts":1,"m":{"x":1,"y":{"z":2}},"l":[3,[4]]}`, [
      ["a:m.x", 0, [], 1],
      ["a:m.y.z", 0, [], 2],
      ["a:l.0", 0, [], 3],
      ["a:l.1.0", 0, [], 4],
    ], "numbers at any depth"),
    one("specials", `{"event":"a","ts":1,"n":{"_dbx":"nan"},"i":{"_dbx":"inf"},"m":[{"_dbx":"-inf"}]}`, [
      ["a:n", 0, [], "nan"],
      ["a:i", 0, [], "inf"],
      ["a:m.0", 0, [], "-inf"],
    ], "numbers that JSON lacks"),
    one(
      "special-keys",
      `{"event":"a","ts":1,"x":{"_dbx":"nan","y":1}}`,
      [["a:x", 0, [], "nan"]],
      "other keys beside it say nothing",
    ),
    one(
      "bare",
      `{"event":"a","ts":1,"n":NaN,"i":-Infinity}`,
      [["a:n", 0, [], "nan"], ["a:i", 0, [], "-inf"]],
      "bare words are the same",
    ),
    one(
      "no-numbers",
      `{"event":"a","ts":1,"b":true,"s":"1","z":null,"e":{},"l":[]}`,
      [],
      "booleans and texts are not points",
    ),
    one(
      "files",
      `{"event":"a","ts":1,"f":{"_dbx":"expfile","size":3},"u":{"_dbx":"complex","re":1}}`,
      [],
      "objects with any other text as _dbx are passed over",
    ),
    one(
      "key-dbx",
      `{"event":"a","ts":1,"x":{"_dbx":5,"y":1}}`,
      [["a:x._dbx", 0, [], 5], ["a:x.y", 0, [], 1]],
      "only _dbx with a text is reserved",
    ),
    one(
      "array-256",
      `{"event":"a/1","ts":1,"x":${list(256)}}`,
      Array.from({ length: 256 }, (_, at) => [`a/*:x.${at}`, 1, [1], 1]),
      "256 elements",
    ),
    one(
      "array-257",
      `{"event":"a","ts":1,"x":${list(257)},"y":1}`,
      [["a:y", 0, [], 1]],
      "more elements are passed over",
    ),
    one("array-257-nested", `{"event":"a","ts":1,"x":[${list(257)},2]}`, [["a:x.1", 0, [], 2]], "that array only"),
    one(
      "dot-in-key",
      `{"event":"a","ts":1,"x.y":1,"x":{"y":2}}`,
      [["a:x\\.y", 0, [], 1], ["a:x.y", 0, [], 2]],
      "a dot in a key has a backslash before it",
    ),
    one("backslash-in-key", String.raw`{"event":"a","ts":1,"x\\y":1,"x\\.y":2}`, [["a:x\\\\y", 0, [], 1], [
      "a:x\\\\\\.y",
      0,
      [],
      2,
    ]], "so has a backslash"),
    one("colon-in-key", `{"event":"a","ts":1,"x:y":1}`, [["a:x:y", 0, [], 1]], "a colon in a key has none"),
    one("star-in-key", `{"event":"a","ts":1,"*":1}`, [["a:*", 0, [], 1]], "a star in a key has none"),
    one(
      "colon-in-name",
      `{"event":"a:b/c","ts":1,"x":1}`,
      [["a\\:b/c:x", 0, [], 1]],
      "a colon in a name has a backslash before it",
    ),
    one("backslash-in-name", String.raw`{"event":"a\\b","ts":1,"x":1}`, [["a\\\\b:x", 0, [], 1]], "so has a backslash"),
    one(
      "star-in-name",
      `{"event":"a/*/b*","ts":1,"x":1}`,
      [["a/\\*/b*:x", 0, [], 1]],
      "a segment that is a star, no other star",
    ),
    one("dot-in-name", `{"event":"a.b","ts":1,"x":1}`, [["a.b:x", 0, [], 1]], "a dot in a name has none"),
    one("key-empty", `{"event":"a","ts":1,"":1,"x":{"":2}}`, [["a:", 0, [], 1], ["a:x.", 0, [], 2]], "empty keys"),
    one("key-proto", `{"event":"a","ts":1,"__proto__":{"x":1}}`, [["a:__proto__.x", 0, [], 1]], "a key like any other"),
    one("dbx-file", `{"event":"dbx/file","ts":1,"size":3}`, [], "events under dbx/ hold no series"),
    one("dbx", `{"event":"dbx","ts":1,"size":3}`, [["dbx:size", 0, [], 3]], "dbx itself is a name like others"),
    one("dbxx", `{"event":"dbxx/a","ts":1,"size":3}`, [["dbxx/a:size", 0, [], 3]], "only dbx/ at the start"),
    one("depth-500", `{"event":"a/1","ts":1,"x":${"[".repeat(499)}1${"]".repeat(499)}}`, [[
      `a/*:x${".0".repeat(499)}`,
      1,
      [1],
      1,
    ]], "the greatest depth"),
    log("counted", [`{"event":"a","ts":1,"x":1}`, `{"event":"a","ts":2,"y":1}`, `{"event":"a","ts":3,"x":2,"y":2}`], [
      ["a:x", 0, [], 1],
      ["a:y", 0, [], 1],
      ["a:x", 1, [], 2],
      ["a:y", 1, [], 2],
    ], "points are counted in each series"),
    log(
      "counted-with-steps",
      [`{"event":"a","ts":1,"step":7,"x":1}`, `{"event":"a","ts":2,"x":2}`, `{"event":"a","ts":3,"x":3}`],
      [["a:x", 7, [], 1], ["a:x", 1, [], 2], ["a:x", 2, [], 3]],
      "those with a step count too",
    ),
    log("counted-damage", [`{"event":"a","ts":1,"x":1}`, `hello`, `{"event":"a","ts":3,"x":2}`], [["a:x", 0, [], 1], [
      "a:x",
      1,
      [],
      2,
    ]], "damage is passed over"),
    log(
      "numbers-apart",
      [`{"event":"e/1","ts":1,"x":1}`, `{"event":"e/2","ts":2,"x":2}`, `{"event":"e/b","ts":3,"x":3}`],
      [["e/*:x", 1, [1], 1], ["e/*:x", 2, [2], 2], ["e/b:x", 0, [], 3]],
      "names that differ only in their numbers are one series",
    ),
    log("star-apart", [`{"event":"e/1","ts":1,"x":1}`, `{"event":"e/*","ts":2,"x":2}`], [["e/*:x", 1, [1], 1], [
      "e/\\*:x",
      0,
      [],
      2,
    ]], "a star is not a number"),
  ]),
};
