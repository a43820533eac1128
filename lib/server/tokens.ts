import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { DamageError, messageOf, NotFoundError, UsageError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import { isObject } from "../base/json.ts";
import { didYouMean } from "../base/suggest.ts";
import { isSha256 } from "../format/specials.ts";
import { isAbsent, TEMPORARY_PREFIX, writeAllSync } from "../fs/files.ts";
import { parentOf, RootFolder } from "../fs/root_folder.ts";
import { type Role, ROLES } from "./roles.ts";

/** A token as it is kept: its hash alone. */
export interface KeptToken {
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the token, in hexadecimal. Tokens are random, so that it cannot be undone by trying. */
  readonly sha256: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/** The tokens of a repository: never synchronised, only for its owner to read. */
const OF_REPOSITORY = ".dbx/tokens.json";

/** A file of so many bytes is no list of tokens. */
const MOST_BYTES = 4 * 1024 * 1024;

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
 * A file of tokens, of which it holds the hashes. Needs read permission on it, and write permission on its folder to change
 * it.
 */
export class TokenFile {
  /** The folder of a file that belongs to a repository: no link in it is followed. */
  readonly #root: RootFolder | undefined;

  /** `path`: the absolute path of the file. */
  constructor(readonly path: string, root?: RootFolder) {
    this.#root = root;
  }

  /** The file of the repository in a folder (an absolute path). */
  static of(repo: string): TokenFile {
    return new TokenFile(`${repo}/${OF_REPOSITORY}`, new RootFolder(repo));
  }

  /** Whether something stands there, be it a list of tokens or not. */
  get isThere(): boolean {
    try {
      Deno.lstatSync(this.path);
      return true;
    } catch (error) {
      return !isAbsent(error);
    }
  }

  /**
   * All tokens; undefined where there is no file.
   *
   * @throws {DamageError} For what is no list of tokens, a link, and a file that others may write.
   */
  read(): readonly KeptToken[] | undefined {
    try {
      const info = this.#root === undefined ? Deno.statSync(this.path) : this.#root.lstat(OF_REPOSITORY);
      if (info === undefined) return undefined;
      if (info.isSymlink) throw new Error("it is a symbolic link");
      if (!info.isFile || info.size > MOST_BYTES) throw new Error("it is not a list of tokens");
      if (((info.mode ?? 0) & 0o022) !== 0) throw new Error("others than its owner may write it: chmod 600");
      const bytes = this.#root === undefined ? Deno.readFileSync(this.path) : this.#root.readFile(OF_REPOSITORY);
      return parse(new TextDecoder().decode(bytes));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw new DamageError(
        `Cannot read the tokens in "${this.path}": ${messageOf(error)}; mend it, or remove it and add the tokens again`,
      );
    }
  }

  /** All tokens; none where there is no file. Throws as `read` does. */
  list(): readonly KeptToken[] {
    return this.read() ?? [];
  }

  /** Makes a token and keeps its hash. Returns the token, which nobody can tell again. */
  add(name: string, role: Role, now: number): string {
    if (!/^[\w.@-]{1,64}$/.test(name)) {
      throw new UsageError(`Cannot name a token "${name}": use up to 64 letters, digits, and . _ @ -`);
    }
    const tokens = this.list();
    if (tokens.some((token) => token.name === name)) {
      throw new UsageError(`Cannot add the token "${name}": there is one; dbx token rm ${name} removes it`);
    }
    const token = newToken();
    this.#write([...tokens, { name, role, sha256: hashToken(token), createdAt: now }]);
    return token;
  }

  /** Forgets a token: who has it is let in no longer. */
  remove(name: string): void {
    const tokens = this.list();
    if (!tokens.some((token) => token.name === name)) {
      throw new NotFoundError(
        `Cannot remove the token "${name}": there is none${didYouMean(name, tokens.map((token) => token.name))}`,
      );
    }
    this.#write(tokens.filter((token) => token.name !== name));
  }

  #write(tokens: readonly KeptToken[]): void {
    const at = this.path.lastIndexOf("/");
    const root = this.#root ?? new RootFolder(this.path.slice(0, at) || "/");
    const name = this.#root === undefined ? this.path.slice(at + 1) : OF_REPOSITORY;
    const folder = parentOf(name);
    root.makeFolder(folder);
    const temporary = `${folder === "" ? "" : `${folder}/`}${TEMPORARY_PREFIX}${newId()}`;
    try {
      using file = root.open(temporary, { write: true, createNew: true, mode: 0o600 });
      writeAllSync(file, new TextEncoder().encode(JSON.stringify({ version: 1, tokens }, null, 2) + "\n"));
      file.syncSync();
      root.rename(temporary, name);
    } catch (error) {
      root.remove(temporary);
      throw error;
    }
  }
}

function parse(text: string): KeptToken[] {
  const json: unknown = JSON.parse(text);
  if (!isObject(json) || json.version !== 1 || !Array.isArray(json.tokens)) {
    throw new Error("it is not a list of tokens");
  }
  return (json.tokens as unknown[]).map((token) => {
    const { name, role, sha256, createdAt } = isObject(token) ? token : {};
    if (typeof name !== "string" || !isSha256(sha256) || !ROLES.includes(role as Role)) {
      throw new Error("one of its tokens has no name, role or hash");
    }
    return { name, role: role as Role, sha256, createdAt: Number(createdAt) };
  });
}
