import type { Json, JsonObject } from "../../../../base/json.ts";
import type { PrintedProgress } from "./printed_progress.ts";
import { isSystem, type SeriesFact } from "./facts.ts";

/** How far a run is. */
export interface Progress {
  /** From 0 to 1. */
  readonly part: number;
  /** Milliseconds until it ends, if it goes on as fast; undefined where that cannot be said. */
  readonly leftMs?: number;
}

/** The params that say how many epochs a run has, and how many steps. */
const EPOCHS = /^(?:(?:n|num|max|total)_?)?(?:train_?)?epochs?$/;
const STEPS = /^(?:(?:n|num|max|total)_?)?(?:train(?:ing)?_?)?(?:steps?|iters?|iterations?|timesteps|updates|batches)$/;

/** Levels of the names of events, and keys, that count epochs and steps. */
const EPOCH_WORD = /^(?:epochs?|ep)$/i;
const STEP_WORD = /^(?:(?:global_?)?step|iter|iteration|batch|update)s?$/i;

/**
 * How far a run is: by the epochs or steps that its params promise and its series have reached; else by a bar that it printed.
 *
 * @param elapsedMs How long it has been running; undefined where that is not known.
 */
export function progressOf(
  params: JsonObject,
  facts: readonly SeriesFact[],
  printed: PrintedProgress | undefined,
  elapsedMs: number | undefined,
): Progress | undefined {
  const own = facts.filter((fact) => !isSystem(fact));
  const part = partOf(params, EPOCHS, own, epochsDone) ?? partOf(params, STEPS, own, stepsDone);
  if (part === undefined) return printed;
  const leftMs = elapsedMs !== undefined && part > 0 ? elapsedMs * (1 - part) / part : undefined;
  return { part, leftMs };
}

/** The part of a number in the params that is done. */
function partOf(
  params: JsonObject,
  name: RegExp,
  facts: readonly SeriesFact[],
  doneIn: (facts: readonly SeriesFact[]) => number | undefined,
): number | undefined {
  const total = totalIn(params, name);
  const done = total === undefined ? undefined : doneIn(facts);
  return total === undefined || done === undefined ? undefined : Math.max(0, Math.min(1, done / total));
}

/** The greatest number of params with such a name, at any depth. */
function totalIn(params: JsonObject, name: RegExp): number | undefined {
  let total: number | undefined;
  const visit = (value: Json | undefined, key: string, depth: number): void => {
    if (typeof value === "number") {
      const small = key.toLowerCase().replaceAll("-", "_");
      if (value > 0 && Number.isFinite(value) && name.test(small)) total = Math.max(total ?? 0, value);
    } else if (typeof value === "object" && value !== null && !Array.isArray(value) && depth < 6) {
      for (const [inner, of] of Object.entries(value)) visit(of, inner, depth + 1);
    }
  };
  visit(params, "", 0);
  return total;
}

/** The epochs that are done: as a series of that name says, else as the names of events count them. */
function epochsDone(facts: readonly SeriesFact[]): number | undefined {
  return most(facts, ({ key, event, last, firstStep, lastStep }) => {
    if (EPOCH_WORD.test(key)) return Number.isInteger(last) ? last + (firstStep === 0 ? 1 : 0) : last;
    return EPOCH_WORD.test(levelOf(event)) ? counted(firstStep, lastStep) : undefined;
  });
}

/** The steps that are done, of the series that are not counted by something else. */
function stepsDone(facts: readonly SeriesFact[]): number | undefined {
  return most(facts, ({ event, firstStep, lastStep }) => {
    const level = levelOf(event);
    return level === "" || STEP_WORD.test(level) ? counted(firstStep, lastStep) : undefined;
  });
}

/** The word before the last number of an event's name; empty where there is no number. */
function levelOf(event: string): string {
  const segments = event.split("/");
  const at = segments.lastIndexOf("*");
  return at <= 0 ? "" : segments[at - 1];
}

/** What counts from 0 has done one more than it says. */
function counted(first: number, last: number): number | undefined {
  return Number.isFinite(last) ? last + (first === 0 ? 1 : 0) : undefined;
}

function most(facts: readonly SeriesFact[], of: (fact: SeriesFact) => number | undefined): number | undefined {
  let greatest: number | undefined;
  for (const fact of facts) {
    const value = of(fact);
    if (value !== undefined && !Number.isNaN(value)) greatest = Math.max(greatest ?? -Infinity, value);
  }
  return greatest;
}
