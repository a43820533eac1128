import { messageOf } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { parseExperiment, parseRun, type RunDefinition } from "../../format/definitions/definition.ts";
import type { Place } from "../../format/layout/parse_path.ts";
import { HttpError } from "../http/http_error.ts";

/** The error for a file of a v0 experiment. */
export const NO_VERSION_0 =
  "this token may not write it: it belongs to a v0 experiment, whose files may have any name; send those with a " +
  "token of the role control (dbx token add NAME --role control on the server), and the others with --where or --id";

/** Refuses a malformed definition, or one of something else than its folder. Returns that of a run. */
export function checkDefinition(
  name: string,
  place: Place & { readonly kind: "experiment" | "run" },
  bytes: Uint8Array,
): RunDefinition | undefined {
  let run: RunDefinition | undefined;
  let why: string | undefined;
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (place.kind === "run") {
      run = parseRun(text, { path: name });
      if (run.id !== place.run) why = "its id differs from that of its folder";
    } else {
      const { id, name: folder } = parseExperiment(text, { path: name });
      if (id !== place.id || folder !== place.name) why = "its id and name differ from those of its folder";
    }
  } catch (error) {
    why = isOld(text) ? NO_VERSION_0 : messageOf(error);
  }
  if (why !== undefined) throw new HttpError(400, `"${name}" is refused: ${why}`);
  return run;
}

/** Whether a definition has no time, which v0 does not require. */
function isOld(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) && json.createdAt === undefined;
  } catch {
    return false;
  }
}
