import { NotFoundError, UsageError } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import { realPath } from "../../fs/access/real_path.ts";
import { mayHoldSockets, socketsIn } from "../../fs/socket_folder.ts";
import { absolute, lastSegment } from "../../base/paths.ts";
import type { Command, CommandEnvironment, Parsed } from "../../cli/command.ts";
import { locateRepository } from "../../client/location/default_repository.ts";
import { lstatIfThere } from "../../fs/files/lstat.ts";
import { indexFolder, indexFolders } from "../../client/location/index_folder.ts";
import { limitsIn } from "./quota_options.ts";
import { ADDRESS, OPTIONS, QUERY_MEMORY } from "./serve_options.ts";

/** The address that a command line says. */
export function listenAddress(parsed: Parsed<typeof OPTIONS>): { readonly hostname: string; readonly port: number } {
  const word = parsed.options.listen ?? ADDRESS;
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:\s]*):)?(\d{1,5})$/.exec(word);
  const port = Number(match?.[2] ?? NaN);
  if (match === null || port > 65535) {
    throw new UsageError(`Cannot listen on "${word}": an address is HOST:PORT, such as ${ADDRESS}, or a port`);
  }
  return { hostname: (match[1] || "127.0.0.1").replace(/^\[|\]$/g, ""), port };
}

/** What repositories are called in addresses: the last part of each path, and a number where that is taken. */
export function namesOf(repos: readonly string[]): string[] {
  const names: string[] = [];
  for (const repo of repos) {
    const last = lastSegment(repo) || "root";
    let name = last;
    for (let count = 2; names.includes(name); count++) name = `${last}-${count}`;
    names.push(name);
  }
  return names;
}

/** `dbx serve`. */
export const command: Command<typeof OPTIONS> = {
  name: "serve",
  summary: "serve repositories over HTTP: logging, queries, live queries, synchronisation",
  usage: "[options]",
  details:
    `Serves repositories until it is stopped. On 127.0.0.1, the default, everyone on this machine has access. A token is required at any
other address, and wherever a token was given (--token-file, DBX_TOKEN, --new-token, --tokens) or was ever added with dbx token, even
after the last one is removed: nobody has access then. --new-token creates a token for this session and prints a link to log in with.
Roles of tokens: read; write (also creates experiments and runs, and logs to its own); agent (also takes queued starts); control
(also writes to what others created, starts and stops runs, purges). With several --repo, each one is at /repos/<name> and has its own
tokens; the first is also at the top. In a network that you do not trust, use --tls-cert and --tls-key, or put a proxy in front and
name it with --trust-proxy. --pipe speaks the protocol on stdin and stdout instead, for ssh.`,
  examples: [
    "dbx serve",
    "dbx serve --listen 0.0.0.0:7070 --new-token",
    "dbx serve --listen 0.0.0.0:7070 --token-file ~/.dbx-token --tls-cert cert.pem --tls-key key.pem",
    "dbx serve --read-only --listen 8080 --repo a --repo b",
    'curl -d \'{"event":"eval","acc":0.9}\' http://127.0.0.1:7070/api/v1/runs/3f2a/logs/log',
  ],
  exitCodes: { 0: "it was stopped by SIGINT or SIGTERM" },
  options: OPTIONS,
  goesAhead: true,
  positionals: { min: 0, max: 0 },
  severalRepositories: true,
  endsBySignal: true,
  permissions(parsed, environment) {
    for (const repo of environment.repos) checkIsThere(repo, environment, parsed);
    const index = environment.repos.flatMap((repo) => indexFolders(repo, environment));
    const files = (["token-file", "tokens", "tls-cert", "tls-key"] as const).map((name) => parsed.options[name])
      .filter((path) => path !== undefined).map((path) => absolute(path, environment.cwd));
    const socket = parsed.options.unix;
    const sockets = socket === undefined ? [] : [absolute(socket, environment.cwd)];
    const readOnly = parsed.options["read-only"];
    const { hostname, port } = listenAddress(parsed);
    const address = hostname.includes(":") ? `[${hostname}]` : hostname;
    if (socket !== undefined && parsed.options.listen !== undefined) {
      throw new UsageError(
        "Cannot use --unix together with --listen: a server listens at one place; leave one of them out, or start a second server",
      );
    }
    parsed.options.cors.forEach(checkOrigin);
    limitsIn(parsed);
    const inner = parsed.options.pipe ? undefined : innerPlace(environment);
    const behind = inner === undefined
      ? []
      : typeof inner === "number"
      ? [`127.0.0.1:${inner}`]
      : socketsIn(inner).flatMap(socketScope);
    const innerFolder = typeof inner === "string" ? [inner] : [];
    return {
      inner,
      read: [...environment.repos, ...index, ...files, ...sockets, ...innerFolder],
      write: [...readOnly ? index : [...environment.repos, ...index], ...sockets, ...innerFolder],
      make: readOnly || parsed.options.pipe ? [] : environment.repos,
      // Port 0 is chosen by the system, so no single one can be named.
      net: parsed.options.pipe ? [] : socket !== undefined ? [...socketScope(sockets[0]), ...behind] : [
        port === 0 ? address : `${address}:${port}`,
        ...port === 0 && address === "127.0.0.1" && typeof inner === "number" ? [] : behind,
      ],
      ...(inner !== undefined &&
        {
          why: [
            `net: requests go through a second ${
              typeof inner === "number" ? "port" : "way"
            } of this machine, which slow ` +
            `clients do not reach`,
          ],
        }),
      // A socket is made for its owner alone.
      ...(socket !== undefined && knowsUmask() && { sys: ["umask"] }),
    };
  },
  helper(parsed, environment) {
    const names = namesOf(environment.repos);
    const repositories = environment.repos.map((path, at) => ({
      path,
      name: names[at],
      folder: indexFolder(path, environment),
    }));
    return { repositories, memory: (parsed.options["query-memory"] ?? QUERY_MEMORY) * 1e6 };
  },
};

/** Refuses a path that is probably a typo: as a repository of its own, it would take what others log. */
function checkIsThere(repo: string, { cwd }: CommandEnvironment, { options }: Parsed<typeof OPTIONS>): void {
  if (options.create || options.pipe || lstatIfThere(repo) !== undefined) return;
  if (!options["read-only"] && repo === locateRepository({ env: {}, cwd })) return;
  const create = options["read-only"] ? "" : ", or add --create to make a repository there";
  throw new NotFoundError(`Cannot serve "${repo}": it does not exist; check the path${create}`);
}

/** Where the runtime's server listens: at a socket in a folder of its own, or at a port where that cannot be. */
function innerPlace({ cwd }: CommandEnvironment): string | number {
  if (Deno.build.os === "windows") return freePort();
  const folder = `${realPath(absolute(Deno.env.get("TMPDIR") || "/tmp", cwd))}/dbx-${newId()}`;
  return mayHoldSockets(folder) ? folder : freePort();
}

/** A free port of this machine. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** Whether the runtime has a permission for the mask of new files; older ones set it without. */
function knowsUmask(): boolean {
  return mayBeGranted({ sys: ["umask"] });
}

/** Newer runtimes ask for a net permission too to listen at a socket in the file system; older ones know no such scope. */
function socketScope(path: string): string[] {
  const scope = `unix:${path}`;
  return mayBeGranted({ net: [scope] }) ? [scope] : [];
}

/** Whether a worker may be made with some permissions: the runtime refuses those that it does not know. */
function mayBeGranted(some: { readonly net?: readonly string[]; readonly sys?: readonly string[] }): boolean {
  const permissions = {
    net: false,
    read: false,
    write: false,
    run: false,
    env: false,
    sys: false,
    ffi: false,
    ...some,
  };
  const options = { type: "module", deno: { permissions: { ...permissions, import: false } } } as WorkerOptions;
  try {
    new Worker("data:text/javascript,", options).terminate();
    return true;
  } catch {
    return false;
  }
}

function checkOrigin(text: string): void {
  try {
    if (new URL(text).origin === text) return;
  } catch {
    // No URL at all.
  }
  throw new UsageError(
    `Cannot use --cors "${text}": an origin is a scheme, a host and a port: https://lab.example.org`,
  );
}
