import { messageOf, UsageError } from "../../base/errors.ts";
import { checkWay } from "../../base/server_url.ts";
import { isTokenText } from "../../base/token_text.ts";
import { originOf, type ServerToken, tokenFor } from "../../client/location/credentials.ts";
import type { CommandEnvironment, Tokens } from "../command.ts";

/** A server that a command line reaches. */
export interface NamedServer {
  readonly url: string;
  /** Whether the user named it, not the settings of a repository. */
  readonly isNamed: boolean;
  /** The absolute path of the file with its token. */
  readonly tokenFile?: string;
}

/**
 * The tokens for servers: each from its file, or as `tokenFor` says. Runs in the main isolate. A token never goes to a second
 * host: where several are named, `DBX_TOKEN` goes to that of `DBX_REPO` alone.
 *
 * @throws {UsageError} For a token that others could hear on the way, and one file for several hosts.
 */
export function serverTokens(
  servers: readonly NamedServer[],
  around: Pick<CommandEnvironment, "env" | "insecure" | "tokenFile">,
): Tokens {
  const tokens: Record<string, ServerToken> = {};
  const isAlone = new Set(servers.map(({ url }) => originOf(url))).size === 1;
  for (const { url, isNamed, tokenFile = around.tokenFile } of servers) {
    if (tokenFile !== undefined && !isAlone) {
      throw new UsageError(`Cannot tell which server --token-file is for; dbx login URL stores a token for each`);
    }
    const token = tokenFile === undefined
      ? tokenFor(url, around.env, isNamed && isAlone)
      : { token: readToken(tokenFile) };
    if (token === undefined) continue;
    const sent = { ...token, insecure: token.insecure === true || around.insecure === true };
    checkWay(url, sent);
    tokens[url] = sent;
  }
  return tokens;
}

/** The token in a file. */
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
