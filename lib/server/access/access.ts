import { LruCache } from "../../base/lru_cache.ts";
import { pause } from "../../base/time.ts";
import { Cookies } from "./cookies.ts";
import { type Grant, Grants } from "./grants.ts";
import type { TokenCache } from "./token_cache.ts";
import { HttpError } from "../http/http_error.ts";
import { type Caller, LACKING, may, OWNER } from "./roles.ts";
import type { Right } from "../../protocol/roles.ts";
import type { RequestContext, Requester } from "../listen/types.ts";
import { areSameHashes, hashToken } from "./token_file.ts";

/** Milliseconds that a wrong token costs; after this many from one address in a minute it has to wait. */
const WRONG_TOKEN_MS = 300;
const MAX_WRONG_TOKENS = 20;
/** So many addresses with wrong tokens are remembered, those that tried last. */
const MAX_WRONG = 10_000;
const MINUTE = 60_000;

/** Decides which requests are allowed. */
export interface AccessOptions {
  /** Gives full access to every repository. */
  readonly token?: string;
  /**
   * Whether everybody needs a token, be there one or not. Default: whether `token` is given. A file of tokens that is there
   * at the start, or appears later, has the same effect; that it goes again has none.
   */
  readonly needsToken?: boolean;
  /**
   * The names by which a server without tokens is meant, without ports: a page of another site that resolves here has
   * another name. Undefined: it cannot be reached by a name, as at a socket in the file system.
   */
  readonly hosts?: readonly string[];
  /** Origins whose pages may read answers; they need a token in the header `authorization`. */
  readonly cors?: readonly string[];
  /**
   * The clock by which tokens are read again, and how fast they may write: milliseconds since any moment. Default: since the
   * process began.
   */
  readonly now?: () => number;
}

/** Clients that need no token have full access. */
const EVERYTHING: Grant = { ...OWNER, token: "" };

/** Decides what a request may do. */
export class Access implements Disposable {
  readonly #main: string | undefined;
  readonly #wrong = new LruCache<string, { count: number; from: number }>(MAX_WRONG);
  readonly #grants = new Grants();
  #needsToken: boolean;
  #lookedAt = -Infinity;
  readonly #now: () => number;

  /** `known`: the tokens of all repositories. */
  constructor(readonly options: AccessOptions, readonly known: readonly TokenCache[]) {
    this.#main = options.token === undefined ? undefined : hashToken(options.token);
    this.#needsToken = options.needsToken ?? options.token !== undefined;
    this.#now = options.now ?? (() => performance.now());
  }

  [Symbol.dispose](): void {
    this.#grants[Symbol.dispose]();
  }

  /** Whether everybody needs a token. Once it is so, it stays so. */
  get asksForTokens(): boolean {
    if (this.#needsToken) return true;
    const now = this.#now();
    if (now - this.#lookedAt < 400) return false;
    this.#lookedAt = now;
    return this.#needsToken = this.known.some((known) => known.isThere);
  }

  /** The origin of a page that may read the answer across sites, where it is one. */
  crossOrigin(request: Request): string | undefined {
    const origin = request.headers.get("origin");
    return origin !== null && this.options.cors?.includes(origin) ? origin : undefined;
  }

  /**
   * What the client may do with the repositories of these tokens. Rejects with a refusal for a page of another site,
   * and for a wrong or missing token.
   */
  async authorize(asked: RequestContext, known: readonly TokenCache[] = this.known): Promise<Grant> {
    const { request, url, address } = asked;
    const isForeign = this.checkOrigin(asked);
    if (!this.asksForTokens) {
      const { hosts } = this.options;
      if (isForeign) throw new HttpError(403, "a page of another site needs a token");
      if (hosts !== undefined && !hosts.includes(url.hostname)) {
        throw new HttpError(403, `"${url.hostname}" is not the name of this server`);
      }
      return EVERYTHING;
    }
    const header = bearerOf(request.headers);
    const cookie = header === undefined ? Cookies.tokenOf(asked) : undefined;
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (cookie !== undefined && !isRead && (isForeign || request.headers.get("origin") === null)) {
      // A browser sends the cookie with requests of any site; its own pages send their origin too.
      throw new HttpError(403, "pages of other sites may not send this request");
    }
    const given = header ?? (isForeign ? undefined : cookie);
    if (given === undefined) throw refused("a token is needed");
    return await this.admitToken(given, address, known);
  }

  /** Whose a request is, for budgets: that of its token, or of its address where none is needed; undefined for a stranger's. */
  whose(asked: RequestContext, address: string): Requester | undefined {
    if (!this.asksForTokens) return { id: address };
    try {
      const token = bearerOf(asked.request.headers) ?? Cookies.tokenOf(asked);
      const hash = token === undefined ? undefined : hashToken(token);
      const grant = hash === undefined ? undefined : this.grantOf(hash, this.known);
      return hash === undefined || grant === undefined ? undefined : { id: hash, name: grant.name };
    } catch {
      return undefined; // What is wrong with it is reported on the next request.
    }
  }

  /** Refuses a page of another site that may not ask. Returns whether it is of another site. */
  checkOrigin({ request, url }: RequestContext): boolean {
    const origin = request.headers.get("origin");
    const isForeign = origin !== null && !isSameHost(origin, url);
    if (isForeign && this.crossOrigin(request) === undefined) {
      throw new HttpError(403, "pages of other sites may not send this request");
    }
    return isForeign;
  }

  /** What a token allows. Rejects with a refusal, which takes its time, for a wrong one. */
  async admitToken(token: string, address: string, known: readonly TokenCache[] = this.known): Promise<Grant> {
    const hash = hashToken(token);
    const grant = this.grantOf(hash, known);
    if (grant !== undefined) return grant;
    if (known !== this.known && this.grantOf(hash, this.known) !== undefined) {
      throw new HttpError(403, "this token is for another repository of this server");
    }
    // A client with a valid token is let in nevertheless: others at its address must not be able to lock it out.
    this.#note(address);
    await pause(WRONG_TOKEN_MS);
    if (this.#tries(address) > MAX_WRONG_TOKENS) {
      throw new HttpError(429, "too many wrong tokens; wait a minute", { "retry-after": "60" });
    }
    throw refused("the token is wrong; it may have been renewed or removed");
  }

  /** What the token of a hash allows; undefined where it is none of these. */
  grantOf(hash: string, known: readonly TokenCache[]): Grant | undefined {
    if (this.#main !== undefined && areSameHashes(this.#main, hash)) return { ...OWNER, token: hash };
    for (const tokens of known) {
      const kept = tokens.find(hash);
      if (kept === undefined) continue;
      const { name, role, id, limits } = kept;
      const isGood = () => tokens.find(hash)?.role === role;
      return this.#grants.of(`${this.known.indexOf(tokens)} ${hash}`, { role, token: hash, name, id, limits }, isGood);
    }
  }

  #tries(address: string): number {
    const wrong = this.#wrong.get(address);
    if (wrong === undefined || Date.now() - wrong.from > MINUTE) return 0;
    return wrong.count;
  }

  #note(address: string): void {
    const count = this.#tries(address);
    this.#wrong.set(address, { count: count + 1, from: count === 0 ? Date.now() : this.#wrong.get(address)!.from });
  }
}

/** Refuses clients that lack a right. */
export function checkRight(caller: Caller, right: Right): void {
  if (may(caller, right)) return;
  const only = caller.role === "read" ? "only read" : `not ${LACKING[right]}`;
  throw new HttpError(403, `this token may ${only}; its role is ${caller.role}`);
}

/** The token in the header `authorization`. */
function bearerOf(headers: Headers): string | undefined {
  return /^Bearer +(.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
}

function refused(why: string): HttpError {
  return new HttpError(401, why, { "www-authenticate": "Bearer" });
}

function isSameHost(origin: string, url: URL): boolean {
  try {
    return new URL(origin).host === url.host; // A proxy may have taken TLS away.
  } catch {
    return false;
  }
}
