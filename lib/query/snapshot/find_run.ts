import { NotFoundError } from "../../base/errors.ts";
import type { Source } from "./snapshot.ts";

/**
 * The id of the run whose id starts with a prefix, in whichever repository has it. Throws as `Repository.findRun` does.
 */
export async function findRunId(sources: readonly Source[], prefix: string): Promise<string> {
  let missing: unknown;
  for (const { repository } of sources) {
    try {
      return (await repository.findRun(prefix)).id;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      missing ??= error;
    }
  }
  throw missing;
}
