import { messageOf } from "../../base/errors.ts";
import { parseExperiment, parseRun } from "../../format/definition.ts";
import type { Place } from "../../format/place.ts";
import { Refusal } from "../refusal.ts";

/** Refuses a definition that is none, or that of something else than its folder. */
export function checkDefinition(
  name: string,
  place: Place & { readonly kind: "experiment" | "run" },
  bytes: Uint8Array,
): void {
  let why: string | undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (place.kind === "run") {
      if (parseRun(text, { path: name }).id !== place.run) why = "its id is not that of its folder";
    } else {
      const { id, name: folder } = parseExperiment(text, { path: name });
      if (id !== place.id || folder !== place.name) why = "its id and name are not those of its folder";
    }
  } catch (error) {
    why = messageOf(error);
  }
  if (why !== undefined) throw new Refusal(400, `"${name}" is refused: ${why}`);
}
