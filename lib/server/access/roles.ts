import type { TokenLimits } from "./token_limits.ts";

/** What somebody may do. `admin` is whoever holds the repository itself. */
export type Role = "read" | "write" | "agent" | "control" | "admin";

/** The roles that a kept token may have; each one includes those before it. */
export const ROLES: readonly Role[] = ["read", "write", "agent", "control"];

/**
 * One thing that somebody may do:
 *
 * - `read`: ask.
 * - `write`: make experiments and runs, write to those of one's own, tag and note all, delete those of one's own.
 * - `claim`: make the run of a start that is queued.
 * - `others`: write to what others made, and send notes of others as they are, whatever they say.
 * - `control`: ask runs to stop, and agents to start some.
 * - `purge`: have every copy drop an experiment or a run for good.
 */
export type Right = "read" | "write" | "claim" | "others" | "control" | "purge";

/** The rights of each role: the one table that decides. */
export const RIGHTS: Readonly<Record<Role, ReadonlySet<Right>>> = {
  read: new Set(["read"]),
  write: new Set(["read", "write"]),
  agent: new Set(["read", "write", "claim"]),
  control: new Set(["read", "write", "claim", "others", "control", "purge"]),
  admin: new Set(["read", "write", "claim", "others", "control", "purge"]),
};

/** What a token that lacks a right may not do, for messages. */
export const LACKING: Readonly<Record<Right, string>> = {
  read: "read",
  write: "write",
  claim: "take what is queued",
  others: "send such notes",
  control: "control runs",
  purge: "purge experiments",
};

/** Somebody who was let in. */
export interface Caller {
  readonly role: Role;
  /** The name of the token. Undefined: one that gives every right, or none was needed. */
  readonly name?: string;
  /** By which what the token makes is its own, whatever it is called and however often it is renewed. As `name`. */
  readonly id?: string;
  /** What the token may write, where it was given limits of its own. */
  readonly limits?: TokenLimits;
}

/** Whoever holds the repository's folder itself, or a server that asks nobody for a token. */
export const OWNER: Caller = { role: "admin" };

/** Whether somebody has a right. */
export function may(caller: Caller, right: Right): boolean {
  return RIGHTS[caller.role].has(right);
}
