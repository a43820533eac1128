import { lstatIfThere } from "../files/lstat.ts";

/** Users whose files are obeyed as one's own; undefined where the system has no users. */
export type Users = readonly number[] | undefined;

/** This user, root, and the user for whom root acts by sudo. Needs permission to ask for the user. */
export function ownUsers(env: Readonly<Record<string, string | undefined>>): Users {
  const own = Deno.uid();
  if (own === null) return undefined;
  const behind = own === 0 && /^\d+$/.test(env.SUDO_UID ?? "") ? [Number(env.SUDO_UID)] : [];
  return [...new Set([0, own, ...behind])];
}

/** The user to whom a file or folder belongs, if that is none of `users`. What is not there, or hidden, belongs to nobody. */
export function strangerAt(path: string, users: Users): number | undefined {
  try {
    const uid = lstatIfThere(path)?.uid;
    return users === undefined || uid === undefined || uid === null || users.includes(uid) ? undefined : uid;
  } catch {
    return undefined;
  }
}

/**
 * Whether what lies in `.dbx` of a repository (an absolute path) was made by this user or root, as far as a library can
 * know: without permission to ask for the user (`sys`), it is taken for so.
 */
export function isOwnRepository(repo: string): boolean {
  if (Deno.permissions.querySync({ name: "sys", kind: "uid" }).state !== "granted") return true;
  const users = ownUsers({});
  return [repo, `${repo}/.dbx`].every((path) => strangerAt(path, users) === undefined);
}
