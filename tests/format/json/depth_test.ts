// How deep lines and definitions may be; see "Values" in FORMAT.md.
import { DamageError, UsageError } from "../../../lib/base/errors.ts";
import { parseExperiment, serializeExperiment } from "../../../lib/format/definitions/definition.ts";
import { isTooDeep, MAX_DEPTH } from "../../../lib/format/json/depth.ts";
import { encodeEvent } from "../../../lib/format/events/encode_event.ts";
import { formatDeviation } from "../../../lib/format/events/format_deviation.ts";
import { parseEvent } from "../../../lib/format/events/parse_event.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const lists = (count: number): string => "[".repeat(count) + "]".repeat(count);
const nested = (count: number): unknown => JSON.parse(lists(count));
const DEFINITION = { id: "0exp000000001", kind: "", name: "", createdAt: 0, extra: {} };

Deno.test("isTooDeep: counts brackets outside of texts, opened at the same time", () => {
  assertEquals(isTooDeep(lists(MAX_DEPTH)), false);
  assertEquals(isTooDeep(lists(MAX_DEPTH + 1)), true);
  assertEquals(isTooDeep('{"a":['.repeat(250) + "]}".repeat(250)), false);
  assertEquals(isTooDeep('{"a":['.repeat(250) + "{}" + "]}".repeat(250)), true);
  assertEquals(isTooDeep(`[${Array(2000).fill("[]").join()}]`), false);
  const texts = `"${"[".repeat(600)}\\"${"{".repeat(600)}\\\\"`;
  assertEquals(isTooDeep(`[${texts},${texts}]`), false);
  assertEquals(isTooDeep(`[${texts},${lists(MAX_DEPTH)}]`), true);
});

Deno.test("encodeEvent, serializeExperiment: refuse what is deeper than a reader takes [F43]", () => {
  for (const data of [{ x: nested(499) }, nested(499)]) {
    const line = encodeEvent("e", 1, data);
    assertEquals([formatDeviation(line), parseEvent(line).event], [undefined, "e"]);
  }
  // What is no object, and what JSON lacks, is put into one.
  const inner: unknown[] = [NaN];
  let outer: unknown = inner;
  for (let depth = 2; depth < MAX_DEPTH; depth++) outer = [outer];
  for (const data of [{ x: nested(500) }, nested(500), { x: outer }]) {
    assertThrows(() => encodeEvent("e", 1, data), UsageError, "nested deeper than 500");
  }
  const params = (count: number) => ({ x: nested(count) }) as never;
  const text = serializeExperiment({ ...DEFINITION, params: params(498) });
  assertEquals(parseExperiment(text, { path: "" }).params, params(498));
  assertThrows(
    () => serializeExperiment({ ...DEFINITION, params: params(499) }),
    UsageError,
    "nested deeper than 500",
  );
});

Deno.test("parseEvent, parseExperiment: what is deeper is damage, however deep [F44]", () => {
  for (const depth of [500, 20_000, 200_000]) {
    const line = `{"event":"e","ts":1,"x":${lists(depth)}}`;
    assertThrows(() => parseEvent(line), DamageError, "nested deeper than 500");
    assertEquals(formatDeviation(line), "nested deeper than 500");
    const text = `{"id":"0exp000000001","createdAt":0,"x":${lists(depth)}}`;
    assertThrows(() => parseExperiment(text, { path: "m" }), DamageError, "nested deeper than 500");
  }
  // Bare words do not hide it.
  assertThrows(() => parseEvent(`{"event":"e","x":NaN,"y":${lists(500)}}`), DamageError, "nested deeper than 500");
});
