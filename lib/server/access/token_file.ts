import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { lastSegment, parentOf } from "../../base/paths.ts";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { DamageError, messageOf, NotFoundError, UsageError } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import { didYouMean } from "../../base/suggest.ts";
import { replaceFile } from "../../fs/files/atomic_file.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import { folderOf } from "../../fs/files/lstat.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import type { Role } from "../../protocol/roles.ts";
import type { TokenLimits } from "./token_limits.ts";
import { type KeptToken, parseTokens, type RemovedToken, type TokenList } from "./token_list.ts";

export type { KeptToken } from "./token_list.ts";

/** What a new token is to be. */
export interface NewToken {
  readonly limits?: TokenLimits;
  /** The name of a removed token, with whose experiments and runs the new one goes on. */
  readonly inherit?: string;
}

/** So many removed tokens are remembered. */
const MAX_REMOVED_TOKENS = 10_000;

/** The tokens of a repository: never synchronised, only for its owner to read. */
const OF_REPOSITORY = `${LOCAL_FOLDER}/tokens.json`;

/** A file of this size is not a list of tokens. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** The hash under which a token is kept. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** A new token: 256 random bits. */
export function newToken(): string {
  return "dbx_" + randomBytes(32).toString("base64url");
}

/** Compares hashes in a time that does not reveal how much is equal. */
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
   * @throws {DamageError} If it is not a list of tokens, is a link, or may be written by others.
   */
  read(): readonly KeptToken[] | undefined {
    return this.#content()?.tokens;
  }

  #content(): TokenList | undefined {
    try {
      const info = this.#root === undefined ? Deno.statSync(this.path) : this.#root.lstat(OF_REPOSITORY);
      if (info === undefined) return undefined;
      if (info.isSymlink) throw new Error("it is a symbolic link");
      if (!info.isFile || info.size > MAX_FILE_BYTES) throw new Error("it is not a list of tokens");
      if (((info.mode ?? 0) & 0o022) !== 0) throw new Error("users other than its owner may write to it: chmod 600 it");
      const bytes = this.#root === undefined ? Deno.readFileSync(this.path) : this.#root.readFile(OF_REPOSITORY);
      return parseTokens(new TextDecoder().decode(bytes));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw new DamageError(
        `Cannot read the tokens in "${this.path}": ${
          messageOf(error)
        }; repair it, or remove it and add the tokens again`,
      );
    }
  }

  /** All tokens; none where there is no file. Throws as `read` does. */
  list(): readonly KeptToken[] {
    return this.read() ?? [];
  }

  /** Tokens that were removed, oldest first. Throws as `read` does. */
  removed(): readonly RemovedToken[] {
    return this.#there().removed;
  }

  /** Makes a token and keeps its hash. Returns the token, which cannot be recovered later. */
  add(name: string, role: Role, now: number, { limits, inherit }: NewToken = {}): string {
    const { tokens, removed } = this.#there();
    checkNew(name, tokens, "add the token");
    const old = inherit === undefined ? undefined : inherited(inherit, { tokens, removed });
    const token = newToken();
    const made = { name, role, id: old?.id ?? newId(), limits, sha256: hashToken(token), createdAt: now };
    this.#write({ tokens: [...tokens, made], removed: removed.filter((one) => one !== old) });
    return token;
  }

  /** Forgets a token: who has it is let in no longer. */
  remove(name: string, now: number = Date.now()): void {
    const { tokens, removed } = this.#there();
    const { id } = find(tokens, name, "remove");
    const left = [...removed, { name, id, removedAt: now }].slice(-MAX_REMOVED_TOKENS);
    this.#write({ tokens: tokens.filter((token) => token.name !== name), removed: left });
  }

  /** Makes another token in the place of one, which is let in no longer; what it made is the new one's. Returns that. */
  renew(name: string): string {
    const token = newToken();
    this.#change(name, "renew", (kept) => ({ ...kept, sha256: hashToken(token) }));
    return token;
  }

  /** Gives a token another name. */
  rename(name: string, to: string): void {
    const { tokens } = this.#there();
    find(tokens, name, "rename");
    checkNew(to, tokens, "name a token");
    this.#change(name, "rename", (kept) => ({ ...kept, name: to }));
  }

  /** Gives a token another role or other limits; those that are not named stay. */
  set(name: string, { role, limits }: { readonly role?: Role; readonly limits?: TokenLimits }): void {
    this.#change(name, "change", (kept) => ({
      ...kept,
      role: role ?? kept.role,
      limits: { ...kept.limits, ...limits },
    }));
  }

  #change(name: string, verb: string, change: (kept: KeptToken) => KeptToken): void {
    const { tokens, removed } = this.#there();
    find(tokens, name, verb);
    this.#write({ tokens: tokens.map((token) => (token.name === name ? change(token) : token)), removed });
  }

  #there(): TokenList {
    return this.#content() ?? { tokens: [], removed: [] };
  }

  #write({ tokens, removed }: TokenList): void {
    const root = this.#root ?? new RootFolder(folderOf(this.path));
    const name = this.#root === undefined ? lastSegment(this.path) : OF_REPOSITORY;
    root.makeFolder(parentOf(name));
    replaceFile(root, name, JSON.stringify({ version: 1, tokens, removed }, null, 2) + "\n", { mode: 0o600 });
  }
}

function find(tokens: readonly KeptToken[], name: string, verb: string): KeptToken {
  const found = tokens.find((token) => token.name === name);
  if (found !== undefined) return found;
  throw new NotFoundError(
    `Cannot ${verb} the token "${name}": it does not exist${didYouMean(name, tokens.map((token) => token.name))}`,
  );
}

/** The removed token of a name. */
function inherited(name: string, { tokens, removed }: TokenList): RemovedToken {
  const old = removed.findLast((one) => one.name === name);
  if (old !== undefined) return old;
  throw new NotFoundError(
    tokens.some((token) => token.name === name)
      ? `Cannot inherit from the token "${name}": it still exists; dbx token rename gives it another name`
      : `Cannot inherit from the token "${name}": no token of that name was removed${
        didYouMean(name, removed.map((one) => one.name))
      }`,
  );
}

function checkNew(name: string, tokens: readonly KeptToken[], what: string): void {
  if (!/^[\w.@-]{1,64}$/.test(name)) {
    throw new UsageError(`Cannot name a token "${name}": use up to 64 letters, digits, and . _ @ -`);
  }
  if (tokens.some((token) => token.name === name)) {
    throw new UsageError(`Cannot ${what} "${name}": it exists already; dbx token rm ${name} removes it`);
  }
}
