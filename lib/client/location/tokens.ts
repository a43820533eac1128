import { messageOf, UsageError } from "../../base/errors.ts";
import { checkWay, isUrl, originOf } from "../../base/server_url.ts";
import { Credentials, type ServerToken } from "./credentials.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A server that is reached. */
export interface NamedServer {
  readonly url: string;
  /** Whether the user named it, not the settings of a repository. */
  readonly isNamed: boolean;
}

/** What the user says of tokens. */
export interface TokenOptions {
  readonly env: Environment;
  /** The absolute path of the file with the token. */
  readonly tokenFile?: string;
  /** Whether a token may go over a way that is not encrypted. */
  readonly insecure?: boolean;
}

/**
 * The tokens for servers, by their URLs. This is the one rule of which token goes where: that of the file which the user names;
 * else `DBX_TOKEN`, if it is meant for the server; else what `dbx login` keeps for it. A token never goes to a second host, nor
 * over plain HTTP to another machine, unless the user says so.
 *
 * @throws {UsageError} For a token that others could hear on the way, and one file for several hosts.
 */
export function tokensFor(servers: readonly NamedServer[], options: TokenOptions): Record<string, ServerToken> {
  const { env, tokenFile, insecure } = options;
  const tokens: Record<string, ServerToken> = {};
  const isAlone = new Set(servers.map(({ url }) => originOf(url))).size === 1;
  for (const { url, isNamed } of servers) {
    if (tokenFile !== undefined && !isAlone) {
      throw new UsageError(`Cannot tell which server --token-file is for; dbx login URL stores a token for each`);
    }
    const token = tokenFile === undefined ? tokenFor(url, env, isNamed && isAlone) : { token: readToken(tokenFile) };
    if (token === undefined) continue;
    const sent = { ...token, insecure: token.insecure === true || insecure === true };
    checkWay(url, sent);
    tokens[url] = sent;
  }
  return tokens;
}

/**
 * The token for a server, where no file is named. `isNamed`: the user named this server, and no other one: a URL that stands in
 * a repository's settings gets `DBX_TOKEN` only where `DBX_REPO` has the same host.
 */
function tokenFor(url: string, env: Environment, isNamed: boolean): ServerToken | undefined {
  const { DBX_TOKEN: token, DBX_REPO: repo } = env;
  const isMeant = repo !== undefined && isUrl(repo) ? originOf(repo) === originOf(url) : isNamed;
  if (token !== undefined && token !== "" && isMeant) return { token };
  return new Credentials(env).find(url);
}

/** The token in a file (an absolute path). */
export function readToken(path: string): string {
  let token: string;
  try {
    token = Deno.readTextFileSync(path).trim();
  } catch (error) {
    throw new UsageError(`Cannot read the token in "${path}": ${messageOf(error)}`);
  }
  if (isTokenText(token)) return token;
  throw new UsageError(`Cannot use the token in "${path}": a token is one line of up to 1024 characters of ASCII`);
}

/** Whether a text can be sent as a token: up to 1024 characters of printable ASCII. */
export function isTokenText(text: string): boolean {
  return /^[\x20-\x7e]{1,1024}$/.test(text);
}
