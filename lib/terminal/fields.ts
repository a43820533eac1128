import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";

/**
 * The fields that a command line chooses, of those that there are; all where it chooses none. `instead`: how a field is
 * asked for that the result does not have.
 */
export function chosenFields<Field extends string>(
  chosen: readonly string[] | undefined,
  fields: readonly Field[],
  instead = "",
): readonly Field[] {
  if (chosen === undefined) return fields;
  return chosen.map((name) => {
    const field = fields.find((field) => field === name);
    if (field !== undefined) return field;
    const there = fields.length === 1 ? `the field is ${fields[0]}` : `the fields are ${fields.join(", ")}`;
    const wayOut = instead === "" ? "" : `; ${instead}`;
    const hint = didYouMean(name, fields) || `; ${there}${wayOut}`;
    throw new UsageError(`Cannot print the field "${name}": the result does not have it${hint}`);
  });
}
