import type { CommandEnvironment, PermissionSet } from "../../../cli/command.ts";

/** What reading the remotes, and whether they are confirmed, needs. */
export async function readPermissions(around: CommandEnvironment): Promise<PermissionSet> {
  const { rememberPermissions } = await import("../peer/confirm.ts");
  const { read = [] } = rememberPermissions(around);
  return { read: [around.repo, ...read as string[]] };
}

/** What changing them needs. `settings`: the repository's own list too. */
export async function changePermissions(around: CommandEnvironment, settings: boolean): Promise<PermissionSet> {
  const { rememberPermissions } = await import("../peer/confirm.ts");
  const { read = [], write = [], make } = rememberPermissions(around);
  const own = settings ? [`${around.repo}/.dbx`] : [];
  return { read: [around.repo, ...read as string[]], write: [...own, ...write as string[]], make };
}
