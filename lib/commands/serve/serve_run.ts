import { DbxError, messageOf, UsageError } from "../../base/errors.ts";
import { LOCAL_FOLDER, MARKER_FILE } from "../../format/layout/names.ts";
import { absolute } from "../../base/paths.ts";
import { initRepository, readMarker } from "../../repo/open.ts";
import { App } from "../../server/app.ts";
import { helpersBy } from "../../server/pool/helper_process.ts";
import { TrustedProxies } from "../../server/listen/proxy.ts";
import { isLoopback } from "../../server/listen/rate_limit.ts";
import { purgeInThread } from "../../server/pool/purge_thread.ts";
import type { RequestLine } from "../../server/listen/listen.ts";
import { servePipe } from "../../server/listen/listen_pipe.ts";
import { storeRoutes } from "../../server/store_routes.ts";
import { newToken, TokenFile } from "../../server/access/token_file.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { purgingIds } from "../../store/local/purge/journal.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { indexFolder } from "../../client/location/index_folder.ts";
import { limitsIn } from "./quota_options.ts";
import { listenAddress, namesOf } from "./serve.ts";
import type { OPTIONS } from "./serve_options.ts";

/** Tokens that are shorter could be guessed. */
const MIN_TOKEN = 16;

/** Serves repositories. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<number> {
  const readOnly = parsed.options["read-only"];
  const onError = (message: string) => context.stderr.line(`dbx: ${message}`);
  const repositories = context.repos.map((repo) => {
    const folder = indexFolder(repo, context);
    const tokens = TokenFile.of(repo);
    return {
      name: "",
      folder,
      readOnly,
      tokens,
      // Over a pipe there is no other client that would have to wait.
      store: new LocalStore(repo, {
        readOnly,
        cache: `${folder}/folders`,
        purge: parsed.options.pipe ? undefined : purgeInThread,
      }),
    };
  });
  for (const { store } of repositories) await readMarker(store); // Refuses a version that is not known.
  if (parsed.options.pipe) {
    if (repositories.length > 1) throw new UsageError("Cannot serve several repositories over a pipe: name one");
    const handler = storeRoutes(repositories[0].store, { readOnly, onError });
    const to = { write: (bytes: Uint8Array) => Promise.resolve(context.stdout.passBytes(bytes)) };
    await servePipe((request) => handler(request), context.stdin.readable, to);
    return 0;
  }
  for (const repo of readOnly ? [] : context.repos) await makeWhereNone(repo);
  const { hostname, port } = listenAddress(parsed);
  const socket = parsed.options.unix;
  const near = socket !== undefined || isLoopback(hostname);
  const made = parsed.options["new-token"] ? newToken() : undefined;
  const token = made ?? tokenOf(context, parsed);
  const tokens = sharedTokens(context, parsed);
  const isOpened = token !== undefined ||
    (tokens === undefined ? context.repos.map(TokenFile.of) : [tokens]).some((file) => file.list().length > 0);
  if (!near && !isOpened) {
    throw new UsageError(
      `Cannot listen on ${hostname} without a token: anyone who can reach it could write; have dbx create one for this session ` +
        `(--new-token), add some (dbx token add NAME --role write), or put ${MIN_TOKEN} random characters or more into a ` +
        `file and name it with --token-file`,
    );
  }
  const json = parsed.options.jsonl;
  const say = (line: Record<string, unknown>, text: string) =>
    json ? context.stdout.json(line) : context.stdout.line(text);
  const [cert, key] = (["tls-cert", "tls-key"] as const).map((name) => pem(context, parsed, name));
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError("Cannot use TLS: --tls-cert and --tls-key must be used together");
  }
  for (const { store } of readOnly ? [] : repositories) finishPurges(store, onError);
  using app = new App({
    repositories: named(context.repos, repositories),
    token,
    tokens,
    needsToken: !near || token !== undefined || tokens !== undefined,
    hosts: socket === undefined ? hostsOf(hostname) : undefined,
    cors: parsed.options.cors,
    quotas: limitsIn(parsed),
    startHelper: context.helper && helpersBy(context.helper),
    limits: {
      ...(parsed.options["query-time"] !== undefined && { ms: parsed.options["query-time"]! * 1000 }),
      ...(parsed.options["query-rows"] !== undefined && { rows: parsed.options["query-rows"]! }),
    },
    onError,
  });
  const path = socket === undefined ? undefined : absolute(socket, context.cwd);
  if (path !== undefined) removeOldSocket(path);
  await app.listen({
    inner: context.inner,
    hostname,
    port,
    unix: path,
    tls: cert === undefined ? undefined : { cert, key: key! },
    rate: parsed.options.rate,
    proxies: new TrustedProxies(parsed.options["trust-proxy"]),
    signal: context.signal,
    onListen: (url) => {
      say(
        { listening: url, repo: context.repo, repos: context.repos },
        `serving ${context.repos.join(", ")} at ${url}`,
      );
      if (made !== undefined) {
        say({ login: `${url}/login#token=${made}`, token: made }, `log in at ${url}/login#token=${made}`);
      }
    },
    onRequest: parsed.options.quiet ? undefined : (line) => say({ ...line }, requestLine(line)),
  }).catch((error) => {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    const at = socket ?? `${hostname}:${port}`;
    throw new DbxError(`Cannot listen on ${at}: another program does so already; choose another one with --listen`);
  });
  if (path !== undefined) removeOldSocket(path);
  return 0;
}

/** When, what was asked and answered, how long it took, and who asked. */
function requestLine({ time, status, method, path, ms, address, token }: RequestLine): string {
  const who = token === undefined ? address : `${address} ${token}`;
  return `${new Date(time).toISOString()} ${status} ${method} ${path} ${ms.toFixed(1)} ms ${who}`;
}

/** Goes on with purges that were cut off. */
function finishPurges(store: LocalStore, onError: (message: string) => void): void {
  if (purgingIds(store.folder).length === 0) return;
  store.bury([]).then(({ problems }) => problems.forEach(onError), (error) => onError(messageOf(error)));
}

/** The tokens of `--tokens`, which must be there. */
function sharedTokens(context: Context, parsed: Parsed<typeof OPTIONS>): TokenFile | undefined {
  const file = parsed.options.tokens;
  if (file === undefined) return undefined;
  const tokens = new TokenFile(absolute(file, context.cwd));
  if (tokens.read() !== undefined) return tokens;
  throw new UsageError(
    `Cannot use --tokens "${file}": it does not exist; dbx token add NAME --tokens ${file} creates it`,
  );
}

/** Makes a repository where there is nothing yet: who logs to a server expects one there, as in a folder. */
async function makeWhereNone(path: string): Promise<void> {
  try {
    const root = new RootFolder(path);
    // To list a large one takes time and memory.
    if (root.lstat(MARKER_FILE) !== undefined) return;
    for (const { name } of root.list("")) if (name !== LOCAL_FOLDER) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await initRepository(path);
}

/** Each repository with a name of its own. */
function named<T extends { name: string }>(repos: readonly string[], options: readonly T[]): T[] {
  const names = namesOf(repos);
  return options.map((one, at) => ({ ...one, name: names[at] }));
}

/** The names by which a server at an address is asked for. */
function hostsOf(hostname: string): string[] {
  const name = hostname.includes(":") ? `[${hostname}]` : hostname;
  return [hostname, name, ...(isLoopback(hostname) ? ["localhost", "127.0.0.1", "[::1]"] : [])];
}

/** A socket that a server left behind keeps another from listening there. */
function removeOldSocket(path: string): void {
  try {
    if (Deno.lstatSync(path).isSocket) Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function pem(context: Context, parsed: Parsed<typeof OPTIONS>, name: "tls-cert" | "tls-key"): string | undefined {
  const file = parsed.options[name];
  if (file === undefined) return undefined;
  try {
    return Deno.readTextFileSync(absolute(file, context.cwd));
  } catch (error) {
    throw new UsageError(`Cannot read --${name} "${file}": ${(error as Error).message}`);
  }
}

function tokenOf(context: Context, parsed: Parsed<typeof OPTIONS>): string | undefined {
  const file = parsed.options["token-file"];
  const given = parsed.options.token;
  const token = given ??
    (file === undefined ? context.env.DBX_TOKEN : Deno.readTextFileSync(absolute(file, context.cwd)).trim());
  if (token === undefined || (token === "" && file === undefined && given === undefined)) return undefined;
  if (token.length < MIN_TOKEN) {
    throw new UsageError(`Cannot use a token of ${token.length} characters: it must have ${MIN_TOKEN} or more`);
  }
  return token;
}
