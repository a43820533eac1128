import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";

/** The fields that a command line chooses, of those that there are; all where it chooses none. */
export function chosenFields<Field extends string>(
  chosen: readonly string[] | undefined,
  fields: readonly Field[],
): readonly Field[] {
  if (chosen === undefined) return fields;
  return chosen.map((name) => {
    const field = fields.find((field) => field === name);
    if (field !== undefined) return field;
    const hint = didYouMean(name, fields) || `; the fields are ${fields.join(", ")}`;
    throw new UsageError(`Cannot print the field "${name}": the result does not have it${hint}`);
  });
}
