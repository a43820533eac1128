import { damage, event, note } from "./line.ts";
import { under, type Vector } from "../vector.ts";

const of = (number: string, value: number) =>
  [`{"event":"a","ts":1,"x":${number}}`, ["a", 1, `{"x":${value}}`]] as const;

const INF = `{"x":{"_dbx":"inf"}}`;

/** Numbers as doubles, and what is not a JSON number. */
export const NUMBER_LINES: readonly Vector[] = [
  event("zero", ...of("0", 0), "a number"),
  event("minus", ...of("-1.5", -1.5), "a number"),
  event("minus-zero", ...of("-0", 0), "a number that is equal to 0"),
  event("tenth", ...of("0.1", 0.1), "the nearest double"),
  event("tenth-long", ...of("0.1000000000000000055511151231257827021181583404541015625", 0.1), "the nearest double"),
  event("third", ...of("0.3333333333333333", 0.3333333333333333), "the nearest double"),
  event("exponent", ...of("1E5", 100000), "capital E"),
  event("exponent-plus", ...of("1e+5", 100000), "a sign in the exponent"),
  event("exponent-minus", ...of("1e-5", 0.00001), "a sign in the exponent"),
  event("exponent-zeros", ...of("1e005", 100000), "zeros in front in the exponent"),
  event("integer-2^53", ...of("9007199254740992", 9007199254740992), "the last integer before which all are exact"),
  event(
    "integer-beyond",
    ...of("9007199254740993", 9007199254740992),
    "integers beyond 2^53 may lose their last digits",
  ),
  event(
    "integer-64",
    ...of("18446744073709551615", 18446744073709552000),
    "integers beyond 2^53 may lose their last digits",
  ),
  event("integer-30-digits", ...of("123456789012345678901234567890", 1.2345678901234568e29), "the nearest double"),
  event("greatest", ...of("1.7976931348623157e308", 1.7976931348623157e308), "the greatest double"),
  event(
    "greatest-rounded",
    ...of("1.7976931348623158e308", 1.7976931348623157e308),
    "the nearest double is the greatest one",
  ),
  event("least", ...of("5e-324", 5e-324), "the least double above 0"),
  event("underflow", ...of("1e-400", 0), "the nearest double is 0"),
  event("underflow-minus", ...of("-1e-400", 0), "the nearest double is equal to 0"),
  event("zero-huge-exponent", ...of("0e999", 0), "zero times anything is 0"),
  event("overflow-as-text", `{"event":"a","ts":1,"x":"1e999"}`, ["a", 1, `{"x":"1e999"}`], "texts are left alone"),
  ...under("F16", [
    note("overflow", `{"event":"a","ts":1,"x":1e999}`, ["a", 1, INF], "beyond the range of a double: infinity"),
    note("overflow-minus", `{"event":"a","ts":1,"x":-1E+999}`, ["a", 1, `{"x":{"_dbx":"-inf"}}`], "minus infinity"),
    note(
      "overflow-least",
      `{"event":"a","ts":1,"x":1.7976931348623159e308}`,
      ["a", 1, INF],
      "the nearest double would be 2^1024",
    ),
    note(
      "overflow-digits",
      `{"event":"a","ts":1,"x":${"9".repeat(310)}}`,
      ["a", 1, INF],
      "beyond the range of a double: infinity",
    ),
    note(
      "overflow-zeros",
      `{"event":"a","ts":1,"x":1e0000309}`,
      ["a", 1, INF],
      "beyond the range of a double: infinity",
    ),
    note(
      "overflow-nested",
      `{"event":"a","ts":1,"x":[1,{"y":1e400}]}`,
      ["a", 1, `{"x":[1,{"y":{"_dbx":"inf"}}]}`],
      "at any depth",
    ),
    note(
      "overflow-step",
      `{"event":"a","ts":1,"step":1e999,"x":1}`,
      ["a", 1, `{"step":{"_dbx":"inf"},"x":1}`],
      "a step that is no longer a JSON number",
    ),
  ]),
  ...under("F40", [
    damage("zero-in-front", `{"event":"a","x":01}`, "not JSON"),
    damage("minus-zero-in-front", `{"event":"a","x":-01}`, "not JSON"),
    damage("plus", `{"event":"a","x":+1}`, "not JSON"),
    damage("dot-first", `{"event":"a","x":.5}`, "not JSON"),
    damage("dot-last", `{"event":"a","x":5.}`, "not JSON"),
    damage("exponent-empty", `{"event":"a","x":1e}`, "not JSON"),
    damage("hexadecimal", `{"event":"a","x":0x10}`, "not JSON"),
    damage("underscore", `{"event":"a","x":1_000}`, "not JSON"),
    damage("minus-alone", `{"event":"a","x":-}`, "not JSON"),
    damage("two-minus", `{"event":"a","x":--1}`, "not JSON"),
    damage("bigint", `{"event":"a","x":1n}`, "not JSON"),
    damage("comma-in-number", `{"event":"a","x":1,5}`, "not JSON"),
    damage("fullwidth-digit", `{"event":"a","x":１}`, "digits are ASCII"),
  ]),
];
