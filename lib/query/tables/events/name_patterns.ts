import { patternOf } from "../../../format/events/series_key.ts";
import type { CompiledCondition } from "../conditions.ts";
import type { Value } from "../../values/value.ts";
import type { Scalar } from "../../plan/plan.ts";
import { inputsOf } from "../../plan/scalars.ts";
import { nameOfPattern } from "./names.ts";
import type { Scan } from "../scan.ts";

/** Chooses groups of events by what their names have in common, before any name is read. */
export class EventPatterns {
  readonly #known = new Map<string, boolean>();
  readonly #conditions: readonly Scalar[];
  readonly #test: CompiledCondition | undefined;
  readonly #isEvent: (index: number) => boolean;

  constructor(readonly scan: Scan) {
    this.#isEvent = (index) => scan.columns[index].table === "events" && scan.columns[index].column === "event";
    this.#conditions = scan.conditions("rows").filter((it) => [...inputsOf(it)].every(this.#isEvent));
    this.#test = scan.compiled(this.#conditions);
  }

  /** Whether events of a pattern may have a name that is asked for. */
  mayMatch(pattern: string): boolean {
    if (this.#test === undefined) return true;
    let known = this.#known.get(pattern);
    if (known === undefined) this.#known.set(pattern, known = this.#mayMatch(pattern));
    return known;
  }

  #mayMatch(pattern: string): boolean {
    const name = nameOfPattern(pattern);
    if (name === undefined) return this.#conditions.every((condition) => this.#mayBe(condition, pattern));
    const columns = this.scan.columns.map(() => ({ kind: "constant", value: name }) as const);
    return this.#test!.select({ count: 1, columns })?.length !== 0;
  }

  /** Whether a condition may be true of some name of a pattern. */
  #mayBe(condition: Scalar, pattern: string): boolean {
    switch (condition.kind) {
      case "or":
        return condition.items.some((item) => this.#mayBe(item, pattern));
      case "and":
        return condition.items.every((item) => this.#mayBe(item, pattern));
      case "compare": {
        const { op, left, right } = condition;
        const [column, constant] = left.kind === "input" ? [left, right] : [right, left];
        if (op !== "=" && op !== "is" || column.kind !== "input" || constant.kind !== "constant") return true;
        return hasPattern(constant.value, pattern);
      }
      case "in": {
        const { operand, set } = condition;
        if (operand.kind !== "input" || set.kind !== "values") return true;
        return set.values.some((value) => hasPattern(value, pattern));
      }
      case "like": {
        const { op, text, pattern: like, escape } = condition;
        if (text.kind !== "input" || like.kind !== "constant" || escape !== undefined) return true;
        if (typeof like.value !== "string") return true;
        return mayBegin(pattern, /^[^%_*?[]*/.exec(like.value)![0], op === "LIKE");
      }
      default:
        return true;
    }
  }
}

/** Whether a name is of a pattern. Of what is not a text nothing is said. */
function hasPattern(value: Value, pattern: string): boolean {
  return typeof value !== "string" || patternOf(value).pattern === pattern;
}

/** Whether names of a pattern may begin with some text. */
function mayBegin(pattern: string, start: string, anyCase: boolean): boolean {
  const own = pattern.slice(0, pattern.split("/*")[0].length).replace(/\\(.)/g, "$1");
  const fixed = pattern.startsWith("*") ? "" : own;
  const length = Math.min(fixed.length, start.length);
  const [a, b] = [fixed.slice(0, length), start.slice(0, length)];
  return a === b || anyCase && a.toLowerCase() === b.toLowerCase();
}
