import { isObject } from "../base/json.ts";

/** Whether a `files.json` of v0 (`theirs`) says all that another one says, and more. Broken text says nothing. */
export function extendsV0Manifest(ours: Uint8Array, theirs: Uint8Array): boolean {
  const [before, after] = [parse(ours), parse(theirs)];
  if (after === undefined) return false;
  return Object.entries(before ?? {}).every(([name, hash]) => Object.hasOwn(after, name) && after[name] === hash);
}

function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
