import { isDefinition } from "./name_tests.ts";
import { META_FILE } from "./names.ts";

/** How a file is made that only its owner may read, and those with whom the repository is shared. */
export const PRIVATE = { mode: 0o600, asShared: true } as const;

/** How a new file is made: one that holds environment variables is private. `bytes`: its contents. */
export function privacyOf(name: string, bytes: Uint8Array): typeof PRIVATE | { readonly mode?: undefined } {
  return holdsEnvironment(name, bytes) ? PRIVATE : {};
}

/** Whether a file is the definition of a run that holds environment variables. */
function holdsEnvironment(name: string, bytes: Uint8Array): boolean {
  if (name !== META_FILE && !isDefinition(name)) return false;
  return /"env"\s*:\s*\{/.test(new TextDecoder().decode(bytes));
}
