import { Refusal } from "./refusal.ts";
import { type Caller, LACKING, may, OWNER, type Right } from "./roles.ts";
import { areSameHashes, hashToken, type TokenFile } from "./tokens.ts";

/** Milliseconds that a wrong token costs; after so many of one address in a minute it is told to wait. */
const WRONG_TOKEN_MS = 300;
const MOST_WRONG = 20;
const MINUTE = 60_000;
/** The cookie in which a browser keeps its token. */
export const COOKIE = "dbx_token";

/** Who may ask. */
export interface AccessOptions {
  /** Gives every right. */
  readonly token?: string;
  /** Further tokens, with roles. Without any token, everybody who reaches the address has every right. */
  readonly tokens?: TokenFile;
  /**
   * The names by which a server without tokens is meant, without ports: a page of another site that resolves here has
   * another name. Undefined: it cannot be reached by a name, as at a socket in the file system.
   */
  readonly hosts?: readonly string[];
  /** Origins whose pages may read answers; they need a token in the header `authorization`. */
  readonly cors?: readonly string[];
}

/** Decides what a request may do. */
export class Access {
  readonly #hash: string | undefined;
  readonly #wrong = new Map<string, { count: number; from: number }>();

  constructor(readonly options: AccessOptions) {
    this.#hash = options.token === undefined ? undefined : hashToken(options.token);
  }

  /** Whether anybody needs a token. */
  get asksForTokens(): boolean {
    return this.#hash !== undefined || (this.options.tokens?.list().length ?? 0) > 0;
  }

  /** The origin of a page that may read the answer across sites, where it is one. */
  crossOrigin(request: Request): string | undefined {
    const origin = request.headers.get("origin");
    return origin !== null && this.options.cors?.includes(origin) ? origin : undefined;
  }

  /** What whoever asks may do. Rejects with a refusal for a page of another site, and for a wrong or missing token. */
  async admit(request: Request, url: URL, address: string): Promise<Caller> {
    const origin = request.headers.get("origin");
    const isForeign = origin !== null && !isSameHost(origin, url);
    if (isForeign && this.crossOrigin(request) === undefined) {
      throw new Refusal(403, "a page of another site may not ask");
    }
    if (!this.asksForTokens) {
      const { hosts } = this.options;
      if (isForeign) throw new Refusal(403, "a page of another site needs a token");
      if (hosts !== undefined && !hosts.includes(url.hostname)) {
        throw new Refusal(403, `"${url.hostname}" is not the name of this server`);
      }
      return OWNER;
    }
    const header = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const cookie = header === undefined ? cookieOf(request) : undefined;
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (cookie !== undefined && !isRead && (origin === null || isForeign)) {
      // A browser sends the cookie along whoever asks; its own pages send their origin too.
      throw new Refusal(403, "a page of another site may not ask");
    }
    const given = header ?? (isForeign ? undefined : cookie);
    if (given === undefined) throw refused("a token is needed: --token-file, DBX_TOKEN");
    const caller = this.callerOf(given);
    if (caller !== undefined) return caller;
    // Who has a right one is let in all the same: others at its address must not be able to keep it out.
    this.#note(address);
    await new Promise((resolve) => setTimeout(resolve, WRONG_TOKEN_MS));
    if (this.#tries(address) > MOST_WRONG) {
      throw new Refusal(429, "too many wrong tokens; wait a minute", { "retry-after": "60" });
    }
    throw refused("the token is wrong");
  }

  /** Who has a token. */
  callerOf(token: string): Caller | undefined {
    const isMain = this.#hash !== undefined && areSameHashes(this.#hash, hashToken(token));
    const caller = this.options.tokens?.callerOf(token);
    return isMain ? OWNER : caller;
  }

  #tries(address: string): number {
    const wrong = this.#wrong.get(address);
    if (wrong === undefined || Date.now() - wrong.from > MINUTE) return 0;
    return wrong.count;
  }

  #note(address: string): void {
    if (this.#wrong.size > 10_000) this.#wrong.clear();
    const count = this.#tries(address);
    this.#wrong.set(address, { count: count + 1, from: count === 0 ? Date.now() : this.#wrong.get(address)!.from });
  }
}

/** Refuses whoever lacks a right. */
export function checkRight(caller: Caller, right: Right): void {
  if (may(caller, right)) return;
  const only = caller.role === "read" ? "only read" : `not ${LACKING[right]}`;
  throw new Refusal(403, `this token may ${only}; its role is ${caller.role}`);
}

function refused(why: string): Refusal {
  return new Refusal(401, why, { "www-authenticate": "Bearer" });
}

function isSameHost(origin: string, url: URL): boolean {
  try {
    return new URL(origin).host === url.host; // A proxy may have taken TLS away.
  } catch {
    return false;
  }
}

function cookieOf(request: Request): string | undefined {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [name, value] = part.trim().split("=");
    if (name === COOKIE && value) return decodeURIComponent(value);
  }
}
