/** What a client may do. `admin` is the owner of the repository itself. */
export type Role = "read" | "write" | "agent" | "control" | "admin";

/** The roles that a kept token may have; each one includes those before it. */
export const ROLES: readonly Role[] = ["read", "write", "agent", "control"];

/**
 * One thing that a client may do:
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
