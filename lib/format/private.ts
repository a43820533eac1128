import { META_FILE } from "./names.ts";

/** The mode of files that only their owner may read, unless the repository is shared. */
export const PRIVATE_MODE = 0o600;

/** Whether a file is the definition of a run that holds environment variables. `bytes`: its contents, or how they begin. */
export function holdsEnvironment(name: string, bytes: Uint8Array): boolean {
  if (name !== META_FILE && !name.endsWith(`/${META_FILE}`)) return false;
  return /"env"\s*:\s*\{/.test(new TextDecoder().decode(bytes));
}

/** The mode in which a new file is made; undefined for that of any other. */
export function modeOf(name: string, bytes: Uint8Array): number | undefined {
  return holdsEnvironment(name, bytes) ? PRIVATE_MODE : undefined;
}
