import { ID_LENGTH, isId } from "../../base/ids.ts";
import { isObject } from "../../base/json.ts";
import { isSha256 } from "../../format/json/special_values.ts";
import { type Role, ROLES } from "../../protocol/roles.ts";
import { limitsFromJson, type TokenLimits } from "./token_limits.ts";

/** A token as it is kept: its hash alone. */
export interface KeptToken {
  readonly name: string;
  readonly role: Role;
  /** Stays the same when the token is renewed or gets another name: by it, what the token makes is its own. */
  readonly id: string;
  /** What it may write. Undefined: as the server says for all. */
  readonly limits?: TokenLimits;
  /** SHA-256 of the token, in hexadecimal. Tokens are random, so that it cannot be undone by trying. */
  readonly sha256: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/** A token that was removed, and the id by which it made things. */
export interface RemovedToken {
  readonly name: string;
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly removedAt: number;
}

/** What a file of tokens holds. */
export interface TokenList {
  readonly tokens: readonly KeptToken[];
  /** Oldest first. */
  readonly removed: readonly RemovedToken[];
}

/** Reads a file of tokens. Throws if it is malformed. */
export function parseTokens(text: string): TokenList {
  const json: unknown = JSON.parse(text);
  if (!isObject(json) || json.version !== 1 || !Array.isArray(json.tokens)) {
    throw new Error("it is not a list of tokens");
  }
  const tokens = (json.tokens as unknown[]).map((token) => {
    const { name, role, sha256, createdAt, id, limits } = isObject(token) ? token : {};
    if (typeof name !== "string" || !isSha256(sha256) || !ROLES.includes(role as Role)) {
      throw new Error("one of its tokens lacks a name, a role or a hash");
    }
    return {
      name,
      role: role as Role,
      // A file that an older program wrote has no ids.
      id: typeof id === "string" && isId(id) ? id : sha256.slice(0, ID_LENGTH),
      limits: limitsFromJson(limits),
      sha256,
      createdAt: Number(createdAt),
    };
  });
  const removed = (Array.isArray(json.removed) ? json.removed as unknown[] : []).flatMap((one) =>
    isObject(one) && typeof one.name === "string" && typeof one.id === "string" && isId(one.id)
      ? [{ name: one.name, id: one.id, removedAt: Number(one.removedAt) }]
      : []
  );
  return { tokens, removed };
}
