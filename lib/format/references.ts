import { objectName } from "./names.ts";
import { isSha256 } from "./specials.ts";

/** Adds the names of the objects that some text of a log or a definition refers to. */
export function addReferences(text: string, objects: Set<string>): void {
  for (let at = text.indexOf("expfile"); at >= 0; at = text.indexOf("expfile", at + 7)) {
    const start = text.lastIndexOf("\n", at) + 1;
    const end = text.indexOf("\n", at);
    const line = text.slice(start, end < 0 ? undefined : end);
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      continue; // No event: it refers to nothing.
    }
    collect(json, objects);
    if (end < 0) return;
    at = end - 7;
  }
}

function collect(json: unknown, objects: Set<string>): void {
  if (typeof json !== "object" || json === null) return;
  const { _dbx, sha256 } = json as Record<string, unknown>;
  if (_dbx === "expfile" && typeof sha256 === "string" && isSha256(sha256)) objects.add(objectName(sha256));
  for (const value of Object.values(json)) collect(value, objects);
}
