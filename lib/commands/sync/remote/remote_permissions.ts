import type { CommandEnvironment, PermissionSet } from "../../../cli/command.ts";

/** What reading the remotes, and whether they are confirmed, needs. */
export async function readPermissions(environment: CommandEnvironment): Promise<PermissionSet> {
  const { rememberPermissions } = await import("../peer/confirm.ts");
  const { read = [] } = rememberPermissions(environment);
  return { read: [environment.repo, ...read as string[]] };
}

/** What changing them needs. `settings`: the repository's own list too. */
export async function changePermissions(environment: CommandEnvironment, settings: boolean): Promise<PermissionSet> {
  const { rememberPermissions } = await import("../peer/confirm.ts");
  const { read = [], write = [], make } = rememberPermissions(environment);
  const own = settings ? [`${environment.repo}/.dbx`] : [];
  return { read: [environment.repo, ...read as string[]], write: [...own, ...write as string[]], make };
}
