import type { RunDefinition } from "../../format/definitions/definition.ts";

/**
 * The key in the definition of a run that only adds to what is known of its experiment: the result of an evaluation that `dbx log
 * --exp` wrote, for one. Nothing lived while it was written, so it has no life log, and the status of the experiment is that of its
 * other runs.
 */
export const ADDITION_KEY = "addition";

/** Whether a run only adds to what is known of its experiment. */
export function isAddition({ extra }: Pick<RunDefinition, "extra">): boolean {
  return extra[ADDITION_KEY] === true;
}

/** The newest of some runs, the oldest first, that is not an addition; of these alone, the newest one. */
export function newestOf<Of extends { readonly definition: RunDefinition }>(runs: readonly Of[]): Of | undefined {
  return runs.findLast(({ definition }) => !isAddition(definition)) ?? runs.at(-1);
}
