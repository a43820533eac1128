import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";

/**
 * The fields that a command line chooses, of those that there are; all where it chooses none. `chosenBy`: the option by
 * which others are asked for.
 */
export function chosenFields<Field extends string>(
  chosen: readonly string[] | undefined,
  fields: readonly Field[],
  chosenBy?: string,
): readonly Field[] {
  if (chosen === undefined) return fields;
  return chosen.map((name) => {
    const field = fields.find((field) => field === name);
    if (field !== undefined) return field;
    const there = fields.length === 1 ? `the field is ${fields[0]}` : `the fields are ${fields.join(", ")}`;
    const wayOut = chosenBy === undefined ? "" : `; ${chosenBy} chooses what is asked`;
    const hint = didYouMean(name, fields) || `; ${there}${wayOut}`;
    throw new UsageError(`Cannot print the field "${name}": the result does not have it${hint}`);
  });
}
