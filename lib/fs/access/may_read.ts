/**
 * Whether a path may be read without anybody being asked. On a terminal the runtime asks for permissions that it does
 * not have yet, so optional reads are checked here first.
 */
export function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}
