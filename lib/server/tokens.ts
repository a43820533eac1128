import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { DamageError, NotFoundError, UsageError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import { isObject } from "../base/json.ts";
import { didYouMean } from "../base/suggest.ts";
import { isAbsent } from "../store/files.ts";
import { type Caller, type Role, ROLES } from "./roles.ts";

/** A token as it is kept: its hash alone. */
export interface KeptToken {
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the token, in hexadecimal. Tokens are random, so that it cannot be undone by trying. */
  readonly sha256: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/** Milliseconds for which a file is taken to be as it was. */
const FRESH_MS = 1000;

/** The hash under which a token is kept. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** A new token: 256 random bits. */
export function newToken(): string {
  return "dbx_" + randomBytes(32).toString("base64url");
}

/** Compares hashes in a time that does not tell how much is equal. */
export function areSameHashes(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

/**
 * The tokens of a repository, in `.dbx/tokens.json`, which only its owner may read and which is never synchronised. Needs
 * read permission on it, and write permission on `.dbx` to change it.
 */
export class TokenFile {
  #known: readonly KeptToken[] = [];
  #lookedAt = -Infinity;
  #changedAt = -1;

  /** `path`: the absolute path of the file. */
  constructor(readonly path: string) {}

  /** All tokens. A file that is changed is read again within a second; what is no list of tokens is an error. */
  list(): readonly KeptToken[] {
    const now = performance.now();
    if (now - this.#lookedAt < FRESH_MS) return this.#known;
    this.#lookedAt = now;
    try {
      const changedAt = Deno.lstatSync(this.path).mtime?.getTime() ?? 0;
      if (changedAt === this.#changedAt) return this.#known;
      this.#known = parse(Deno.readTextFileSync(this.path), this.path);
      this.#changedAt = changedAt;
    } catch (error) {
      if (!isAbsent(error)) throw error;
      this.#known = [];
      this.#changedAt = -1;
    }
    return this.#known;
  }

  /** Who has a token, or undefined. Looks at all tokens, whichever fits. */
  callerOf(token: string): Caller | undefined {
    const hash = hashToken(token);
    let caller: Caller | undefined;
    for (const { sha256, role, name } of this.list()) if (areSameHashes(sha256, hash)) caller = { role, name };
    return caller;
  }

  /** Makes a token and keeps its hash. Returns the token, which nobody can tell again. */
  add(name: string, role: Role, now: number): string {
    if (!/^[\w.@-]{1,64}$/.test(name)) {
      throw new UsageError(`Cannot name a token "${name}": use up to 64 letters, digits, and . _ @ -`);
    }
    const tokens = this.#fresh();
    if (tokens.some((token) => token.name === name)) {
      throw new UsageError(`Cannot add the token "${name}": there is one; dbx token rm ${name} removes it`);
    }
    const token = newToken();
    this.#write([...tokens, { name, role, sha256: hashToken(token), createdAt: now }]);
    return token;
  }

  /** Forgets a token: who has it is let in no longer. */
  remove(name: string): void {
    const tokens = this.#fresh();
    if (!tokens.some((token) => token.name === name)) {
      throw new NotFoundError(
        `Cannot remove the token "${name}": there is none${didYouMean(name, tokens.map((token) => token.name))}`,
      );
    }
    this.#write(tokens.filter((token) => token.name !== name));
  }

  #fresh(): readonly KeptToken[] {
    this.#lookedAt = -Infinity;
    this.#changedAt = -1;
    return this.list();
  }

  #write(tokens: readonly KeptToken[]): void {
    const folder = this.path.slice(0, this.path.lastIndexOf("/"));
    Deno.mkdirSync(folder, { recursive: true });
    const temporary = `${folder}/.tmp-${newId()}`;
    try {
      const file = Deno.openSync(temporary, { write: true, createNew: true, mode: 0o600 });
      const bytes = new TextEncoder().encode(JSON.stringify({ version: 1, tokens }, null, 2) + "\n");
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
      file.syncSync();
      file.close();
      Deno.renameSync(temporary, this.path);
    } catch (error) {
      try {
        Deno.removeSync(temporary);
      } catch {
        // It was never made.
      }
      throw error;
    }
    this.#fresh();
  }
}

function parse(text: string, path: string): KeptToken[] {
  try {
    const json: unknown = JSON.parse(text);
    if (!isObject(json) || json.version !== 1 || !Array.isArray(json.tokens)) throw new Error("no list of tokens");
    return (json.tokens as unknown[]).map((token) => {
      if (!isObject(token)) throw new Error("no token");
      const { name, role, sha256, createdAt } = token;
      if (typeof name !== "string" || typeof sha256 !== "string" || !ROLES.includes(role as Role)) {
        throw new Error("no token");
      }
      return { name, role: role as Role, sha256, createdAt: Number(createdAt) };
    });
  } catch (error) {
    throw new DamageError(`Cannot read "${path}": ${(error as Error).message}; remove it, and add the tokens again`);
  }
}
