import { printable } from "../../base/printable.ts";
import type { PermissionSet } from "../command.ts";

const KINDS = ["read", "write", "run", "net", "env", "sys"] as const;

/** What a worker is made with. Everything that is not named is denied; ffi and import always are. */
export type WorkerPermissions = Record<(typeof KINDS)[number] | "ffi" | "import", boolean | string[]>;

/** The permissions of a worker. `sources`: what the code itself must be able to read, where it runs from source. */
export function workerPermissions(set: PermissionSet, sources: readonly string[]): WorkerPermissions {
  const scope = (value: readonly string[] | true | undefined, more: readonly string[] = []): boolean | string[] => {
    if (value === true) return true;
    const all = [...(value ?? []), ...more];
    return all.length > 0 ? all : false;
  };
  return {
    read: scope(set.read, sources),
    write: scope(set.write),
    run: scope(set.run),
    net: scope(set.net),
    env: scope(set.env),
    sys: scope(set.sys),
    ffi: false,
    import: false,
  };
}

/** The lines of `--show-permissions`. */
export function describePermissions(set: PermissionSet): string {
  const lines = KINDS.map((kind) => {
    const value = set[kind];
    const scope = value === true ? "everything" : value?.length ? value.map(printable).join(", ") : "none";
    return `${(kind + ":").padEnd(7)} ${scope}`;
  });
  lines.push("ffi:    none", ...(set.why ?? []).map((sentence) => `why:    ${printable(sentence)}`));
  return lines.join("\n") + "\n";
}

/** What `--show-permissions --json` prints: `true` is everything, an empty array nothing. */
export function permissionsAsJson(set: PermissionSet): Record<string, unknown> {
  const scopes = KINDS.map((kind) => [kind, set[kind] ?? []]);
  return { ...Object.fromEntries(scopes), ffi: [], why: set.why ?? [] };
}
