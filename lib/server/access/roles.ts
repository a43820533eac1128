import { type Right, RIGHTS, type Role } from "../../protocol/roles.ts";
import type { TokenLimits } from "./token_limits.ts";

/** What a token that lacks a right may not do, for messages. */
export const LACKING: Readonly<Record<Right, string>> = {
  read: "read",
  write: "write",
  claim: "take what is queued",
  others: "send such notes",
  control: "control runs",
  purge: "purge experiments",
};

/** A client that was let in. */
export interface Caller {
  readonly role: Role;
  /** The name of the token. Undefined: a token with full access, or none was needed. */
  readonly name?: string;
  /** By which what the token makes is its own, whatever it is called and however often it is renewed. As `name`. */
  readonly id?: string;
  /** What the token may write, where it was given limits of its own. */
  readonly limits?: TokenLimits;
}

/** The owner of the repository's folder, or any client of a server without tokens. */
export const OWNER: Caller = { role: "admin" };

/** Whether a client has a right. */
export function may(caller: Caller, right: Right): boolean {
  return RIGHTS[caller.role].has(right);
}
