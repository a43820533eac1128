import { isObject } from "../../base/json.ts";
import type { ForeignData } from "../foreign.ts";

/** The files, below Trackio's folder `media`, that images, videos and sounds in some data name. */
export function* mediaOf(value: ForeignData | unknown, depth = 0): Generator<string> {
  if (depth > 20) return;
  if (Array.isArray(value)) { for (const item of value) yield* mediaOf(item, depth + 1); }
  else if (isObject(value)) {
    if (typeof value._type === "string" && value._type.startsWith("trackio.") && typeof value.file_path === "string") {
      yield value.file_path;
    }
    for (const item of Object.values(value)) if (typeof item === "object") yield* mediaOf(item, depth + 1);
  }
}
