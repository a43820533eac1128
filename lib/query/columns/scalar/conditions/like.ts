import type { Scalar } from "../../../plan/plan.ts";
import type { Value } from "../../../values/value.ts";
import { toText } from "../../../values/convert.ts";
import { globMatcher, likeMatcher, type Matcher } from "../../../values/pattern.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";
import { valueMapper } from "../by_value.ts";
import type { Compiler, TruthKernel } from "../kernel.ts";
import { FALSE, type State, TRUE, UNKNOWN } from "../state.ts";
import { truthKernel } from "../truth.ts";
import { testWords } from "../words.ts";

/** `LIKE` and `GLOB`; with one pattern, each word is looked at once. */
export function likeKernel({ op, text, pattern, escape }: Scalar & { kind: "like" }, compiler: Compiler): TruthKernel {
  const operands = [text, pattern, ...escape === undefined ? [] : [escape]].map((part) => compiler.vector(part));
  let before: readonly Value[] | undefined;
  let matches: Matcher | undefined;
  const matcherFor = (rest: readonly Value[]): Matcher | undefined => {
    if (before === undefined || rest.some((value, at) => !Object.is(value, before![at]))) {
      matches = matcherOf(op, rest[0], rest[1]);
      before = rest;
    }
    return matches;
  };
  const byValue = valueMapper((text, ...rest) => {
    const matches = matcherFor(rest);
    return text === null || matches === undefined ? null : matches(toText(text)) ? 1n : 0n;
  });
  const words = new Map<Matcher, ReturnType<typeof testWords>>();
  return (batch) => {
    const { count } = batch;
    const [vector, ...rest] = operands.map((operand) => operand(batch));
    if (vector.kind !== "text" || !rest.every((one) => one.kind === "constant")) {
      return truthKernel(() => byValue([vector, ...rest], count))(batch);
    }
    const matches = matcherFor(rest.map((one) => one.value));
    if (matches === undefined) return UNKNOWN;
    let test = words.get(matches);
    if (test === undefined) {
      words.clear();
      test = testWords((text): State => text === null ? UNKNOWN : matches(text) ? TRUE : FALSE);
      words.set(matches, test);
    }
    return test(vector, count);
  };
}

const encoder = new TextEncoder();

/** The longest pattern that SQLite takes, in bytes. */
const MAX_PATTERN_BYTES = 50_000;

/** What a pattern matches; undefined: what it says is NULL whatever the text. */
function matcherOf(op: "LIKE" | "GLOB", pattern: Value, escape?: Value): Matcher | undefined {
  if (pattern === null || escape === null) return undefined;
  const text = toText(pattern);
  if (text.length * 3 > MAX_PATTERN_BYTES && encoder.encode(text).length > MAX_PATTERN_BYTES) {
    throw new UnsupportedAtRuntime("a pattern that is too long");
  }
  if (op === "GLOB") return globMatcher(text);
  if (escape === undefined) return likeMatcher(text, undefined);
  const characters = [...toText(escape)];
  if (characters.length !== 1) throw new UnsupportedAtRuntime("an ESCAPE that is not one character");
  return likeMatcher(text, characters[0].codePointAt(0));
}
