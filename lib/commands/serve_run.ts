import { UsageError } from "../base/errors.ts";
import { absolute } from "../repo/locate.ts";
import { serveHttp } from "../server/serve.ts";
import { servePipe } from "../server/serve_pipe.ts";
import { storeRoutes } from "../server/store_routes.ts";
import { LocalStore } from "../store/local.ts";
import type { Context, Parsed } from "./command.ts";
import { safe } from "./format_values.ts";
import { indexFolder } from "./index_folder.ts";
import { flag, text } from "./parse.ts";
import { listenAddress } from "./serve.ts";

/** Tokens that are shorter could be guessed. */
const MIN_TOKEN = 16;

/** Serves a repository. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const readOnly = flag(parsed, "read-only");
  const store = new LocalStore(context.repo, { readOnly, cache: `${indexFolder(context.repo, context)}/folders` });
  const onError = (message: string) => context.stderr.write(`dbx: ${safe(message)}\n`);
  const handler = storeRoutes(store, { readOnly, onError });
  if (flag(parsed, "pipe")) {
    const to = { write: (bytes: Uint8Array) => Promise.resolve(context.stdout.write(bytes)) };
    await servePipe(handler, context.stdin.readable, to);
    return 0;
  }
  const { hostname, port } = listenAddress(parsed);
  const isLoopback = /^(127(\.\d+){3}|::1|localhost)$/.test(hostname);
  const token = tokenOf(context, parsed);
  if (!isLoopback && token === undefined) {
    throw new UsageError(
      `Cannot listen on ${hostname} without a token: everybody who reaches it could write; ` +
        `put ${MIN_TOKEN} random characters or more into a file, and name it with --token-file`,
    );
  }
  const json = flag(parsed, "json");
  const say = (line: Record<string, unknown>, text: string) =>
    context.stdout.write(json ? JSON.stringify(line) + "\n" : safe(text) + "\n");
  await serveHttp(handler, {
    hostname,
    port,
    token,
    hosts: [
      hostname,
      hostname.includes(":") ? `[${hostname}]` : hostname,
      ...(isLoopback ? ["localhost", "127.0.0.1", "[::1]"] : []),
    ],
    signal: context.signal,
    onListen: (url) => say({ listening: url, repo: context.repo }, `serving ${context.repo} at ${url}`),
    onRequest: flag(parsed, "quiet")
      ? undefined
      : ({ method, path, status, ms }) =>
        say({ method, path, status, ms }, `${status} ${method} ${path} ${ms.toFixed(1)} ms`),
  });
  return 0;
}

function tokenOf(context: Context, parsed: Parsed): string | undefined {
  const file = text(parsed, "token-file");
  const token = file === undefined ? context.env.DBX_TOKEN : Deno.readTextFileSync(absolute(file, context.cwd)).trim();
  if (token === undefined || (token === "" && file === undefined)) return undefined;
  if (token.length < MIN_TOKEN) {
    throw new UsageError(`Cannot use a token of ${token.length} characters: it must have ${MIN_TOKEN} or more`);
  }
  return token;
}
