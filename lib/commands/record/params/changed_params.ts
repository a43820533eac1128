import { UsageError } from "../../../base/errors.ts";
import type { Json, JsonObject } from "../../../base/json.ts";

/** A param that a command line gives another value than the experiment has. */
export interface ChangedParam {
  readonly name: string;
  /** Undefined where the experiment has no such param. */
  readonly was: Json | undefined;
  readonly is: Json;
}

/** What a command line gives other values than the experiment has. A param that it does not name is as it was. */
export function changedParams(params: JsonObject, given: JsonObject): ChangedParam[] {
  return Object.entries(given).flatMap(([name, is]) => {
    const was = Object.hasOwn(params, name) ? params[name] : undefined;
    return isSame(was, is) ? [] : [{ name, was, is }];
  });
}

/** The params of a run that differ from its experiment's; throws where they must not. */
export function checkParams(
  experiment: { readonly id: string; readonly params: JsonObject },
  given: JsonObject,
  options: { readonly allowed: boolean },
): JsonObject | undefined {
  const changed = changedParams(experiment.params, given);
  if (changed.length === 0) return undefined;
  if (options.allowed) return Object.fromEntries(changed.map(({ name, is }) => [name, is]));
  const list = changed.slice(0, 4).map(({ name, was, is }) =>
    `${name} is ${JSON.stringify(is)}, ${was === undefined ? "and was not given" : `and was ${JSON.stringify(was)}`}`
  );
  if (changed.length > 4) list.push("…");
  throw new UsageError(
    `Cannot add a run to experiment "${experiment.id}": its params differ (${list.join("; ")}); ` +
      "start a new experiment, or use --allow-changed-params to store them with the run",
  );
}

function isSame(a: Json | undefined, b: Json): boolean {
  if (Object.is(a, b) || typeof a !== "object" || typeof b !== "object") return a === b;
  if (a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length &&
    keys.every((key) =>
      Object.hasOwn(b, key) && isSame((a as Record<string, Json>)[key], (b as Record<string, Json>)[key])
    );
}
