/** What somebody may do. `admin` is whoever holds the repository itself. */
export type Role = "read" | "write" | "control" | "admin";

/** The roles that a kept token may have. */
export const ROLES: readonly Role[] = ["read", "write", "control"];

/**
 * One thing that somebody may do:
 *
 * - `read`: ask.
 * - `write`: make experiments and runs, write to them, tag, note and delete.
 * - `others`: send notes of others as they are, whatever they say.
 * - `control`: ask runs to stop, and agents to start some.
 * - `purge`: have every copy drop an experiment or a run for good.
 */
export type Right = "read" | "write" | "others" | "control" | "purge";

/** The rights of each role: the one table that decides. */
export const RIGHTS: Readonly<Record<Role, ReadonlySet<Right>>> = {
  read: new Set(["read"]),
  write: new Set(["read", "write"]),
  control: new Set(["read", "write", "others", "control", "purge"]),
  admin: new Set(["read", "write", "others", "control", "purge"]),
};

/** What a token that lacks a right may not do, for messages. */
export const LACKING: Readonly<Record<Right, string>> = {
  read: "read",
  write: "write",
  others: "send such notes",
  control: "control runs",
  purge: "purge experiments",
};

/** Somebody who was let in. */
export interface Caller {
  readonly role: Role;
  /** The name of the token. Undefined: one that gives every right, or none was needed. */
  readonly name?: string;
}

/** Whoever holds the repository's folder itself, or a server that asks nobody for a token. */
export const OWNER: Caller = { role: "admin" };

/** Whether somebody has a right. */
export function may(caller: Caller, right: Right): boolean {
  return RIGHTS[caller.role].has(right);
}
