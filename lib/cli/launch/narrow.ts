import type { WorkerPermissions } from "./permissions.ts";

/** All files of a system on which there is one root. */
const ROOT = "/";

const KINDS = ["run", "net", "env", "sys", "ffi", "import"] as const;

/**
 * Whether this isolate can give up everything but what a worker would hold. It can where it was given files by the path of the
 * root, as an executable is, and no more than files are needed: of what it was given without a list it can keep no part.
 */
export function canNarrow(to: WorkerPermissions): boolean {
  if (KINDS.some((kind) => to[kind] !== false)) return false;
  return (["read", "write"] as const).every((name) => {
    const paths = to[name];
    return paths !== true && (paths === false || !paths.includes(ROOT)) &&
      stateOf({ name }) !== "granted" && stateOf({ name, path: ROOT }) === "granted";
  });
}

/** Gives up, for good, all that a worker would not hold. Throws where something was not given up: then nothing may be done. */
export function narrow(to: WorkerPermissions): void {
  for (const name of ["read", "write"] as const) {
    // What was asked for by itself stays when the root goes.
    for (const path of to[name] === false ? [] : to[name] as string[]) Deno.permissions.requestSync({ name, path });
    Deno.permissions.revokeSync({ name, path: ROOT });
  }
  for (const name of KINDS) Deno.permissions.revokeSync({ name } as Deno.PermissionDescriptor);
  const left = [
    ...KINDS.filter((name) => stateOf({ name } as Deno.PermissionDescriptor) === "granted"),
    ...(["read", "write"] as const).filter((name) => stateOf({ name, path: ROOT }) === "granted"),
  ];
  if (left.length > 0) throw new Error(`the permission to ${left.join(", ")} could not be given up`);
}

function stateOf(descriptor: Deno.PermissionDescriptor): Deno.PermissionState {
  return Deno.permissions.querySync(descriptor).state;
}
