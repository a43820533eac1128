/** What a token may do. `agent` stands beside the others: it runs what is queued, and does nothing else. */
export type Role = "read" | "agent" | "write" | "control" | "admin";

/** All roles. */
export const ROLES: readonly Role[] = ["read", "agent", "write", "control", "admin"];

/**
 * One thing that somebody may do:
 *
 * - `read`: ask.
 * - `write`: make experiments and runs, and write to those that one has made; tag and note.
 * - `claim`: make the run of a start that is queued.
 * - `others`: write to what others made, delete it, and send copies of repositories as they are.
 * - `control`: ask runs to stop, and agents to start some.
 * - `purge`: have every copy drop an experiment for good.
 */
export type Right = "read" | "write" | "claim" | "others" | "control" | "purge";

/** The rights of each role: the one table that decides. */
export const RIGHTS: Readonly<Record<Role, ReadonlySet<Right>>> = {
  read: new Set(["read"]),
  agent: new Set(["read", "claim"]),
  write: new Set(["read", "write"]),
  control: new Set(["read", "write", "claim", "others", "control"]),
  admin: new Set(["read", "write", "claim", "others", "control", "purge"]),
};

/** What a token that lacks a right may not do, for messages. */
export const LACKING: Readonly<Record<Right, string>> = {
  read: "read",
  write: "write",
  claim: "run what is queued",
  others: "write to what others made",
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
