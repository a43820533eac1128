import { type ExperimentDefinition, parseExperiment, type RunDefinition } from "../../format/definitions/definition.ts";
import { parseV0 } from "../../format/definitions/v0.ts";

/** An experiment of either version from the text of its definition. Throws `DamageError`. */
export function parseListed(
  text: string,
  { path, id, isV0 }: { readonly path: string; readonly id: string; readonly isV0: boolean },
): { readonly definition: ExperimentDefinition; readonly runV0?: RunDefinition } {
  if (!isV0) return { definition: parseExperiment(text, { path, id }) };
  const { experiment, run } = parseV0(text, { path, id });
  return { definition: experiment, runV0: run };
}
