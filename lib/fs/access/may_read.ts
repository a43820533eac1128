/**
 * Whether a path may be read without anybody being asked. On a terminal the runtime asks a person for what it was not told
 * before, so what only might be read is looked at here first.
 */
export function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}
