import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { isObject } from "../../base/json.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";

/** What a token has written so far. */
export interface Usage {
  readonly bytes: number;
  readonly files: number;
}

/** How much each token has written; of this copy only. */
export const USAGE_FILE = `${LOCAL_FOLDER}/usage.json`;

/** What tokens have written to a repository so far, by their ids. A file that is damaged or missing says nothing. */
export function readUsage(root: RootFolder): Map<string, Usage> {
  const used = new Map<string, Usage>();
  let json: unknown;
  try {
    json = JSON.parse(root.readText(USAGE_FILE));
  } catch {
    return used;
  }
  if (!isObject(json) || !isObject(json.tokens)) return used;
  for (const [id, of] of Object.entries(json.tokens)) {
    if (isObject(of)) used.set(id, { bytes: Number(of.bytes) || 0, files: Number(of.files) || 0 });
  }
  return used;
}
