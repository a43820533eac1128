import { pause } from "../../../base/time.ts";
import { DbxError } from "../../../base/errors.ts";
import { absolute } from "../../../repo/default_repository.ts";
import type { ByteWriter } from "../../../protocol/pipe_messages.ts";
import type { Store } from "../../../store/store.ts";
import { checkApart } from "../../../sync/check_apart.ts";
import type { CommandEnvironment, Context, PermissionSet } from "../../../cli/command.ts";
import { indexFolder, indexFolders } from "../../../cli/repository/index_folder.ts";
import { serverTokens } from "../../../cli/repository/server_tokens.ts";
import { findPrograms, requireProgram } from "../../../cli/find_program.ts";
import { withWaitNotice } from "../../../cli/repository/wait_notice.ts";
import { type Location, parseLocation } from "../../../client/location/location.ts";
import { readRemotes, type Remote, remoteNamed } from "../../../client/location/remotes.ts";

/** A line from the other side is passed on at this length, whether it has ended or not. */
const MAX_LINE_LENGTH = 4096;

/** How long the last words of ssh may take after its end: what it left behind may hold its stderr for hours. */
const LAST_WORDS_MS = 500;

/** A repository that a command line names, and how it is reached. */
export interface Peer {
  /** What the user called it. */
  readonly name: string;
  readonly location: Location;
  /** Where the settings of a repository say this of the name: what they call its place. */
  readonly remote?: string;
}

/** What a command line says of all peers. */
export interface PeerOptions {
  /** The program on the far side of ssh. */
  readonly remoteDbx?: string;
}

/** The repository that a word means: the name of a remote of `repo`, else a location. */
export function peerOf(word: string, repo: string, cwd: string): Peer {
  const remotes: Record<string, Remote> = readRemotes(repo);
  const remote = Object.hasOwn(remotes, word) ? remotes[word].url : undefined;
  return { name: word, location: parseLocation(remote ?? word, remote === undefined ? cwd : repo), remote };
}

/**
 * The repository that `repo` is synchronised with: that of a word, else the remote `origin`.
 *
 * @throws {UsageError} Where no word is given and the remote `origin` does not exist.
 */
export function otherPeer(word: string | undefined, repo: string, cwd: string): Peer {
  if (word === undefined) remoteNamed(readRemotes(repo), "origin", repo);
  return peerOf(word ?? "origin", repo, cwd);
}

/** The tokens for peers. `tokenFile`: what the command line names as such. */
export function peerTokens(
  peers: readonly Peer[],
  around: CommandEnvironment,
  options: { readonly tokenFile?: string; readonly insecure?: boolean },
): PermissionSet {
  const servers = peers.flatMap(({ location, remote }) =>
    location.kind === "http" ? [{ url: location.url, isNamed: remote === undefined }] : []
  );
  const tokenFile = options.tokenFile === undefined ? undefined : absolute(options.tokenFile, around.cwd);
  return { tokens: serverTokens(servers, { env: around.env, insecure: options.insecure, tokenFile }) };
}

/** Refuses two folders that are one, or of which one lies inside the other. */
export function checkPeersApart(a: Peer, b: Peer): void {
  if (a.location.kind === "folder" && b.location.kind === "folder") checkApart(a.location.path, b.location.path);
}

/** Words that start ssh: `DBX_SSH`, split at spaces, or `ssh`. */
function sshWords(env: Readonly<Record<string, string>>): string[] {
  const words = (env.DBX_SSH ?? "").split(" ").filter((word) => word !== "");
  return words.length > 0 ? words : ["ssh"];
}

/** What reaching a peer needs. `write`: it gets something. */
export function peerPermissions(peer: Peer, around: CommandEnvironment, write: boolean): PermissionSet {
  const { location } = peer;
  const { DBX_CA_FILE: certificates } = around.env;
  if (location.kind === "http") {
    return { net: [location.host], read: certificates ? [certificates] : [] };
  }
  if (location.kind === "folder") {
    const index = indexFolders(location.path, around);
    return { read: [location.path, ...index], write: write ? [location.path, ...index] : index };
  }
  const [ssh] = sshWords(around.env);
  const programs = findPrograms([ssh], around);
  const { path: program, code } = programs[ssh];
  if (program === undefined || code !== undefined) {
    throw new DbxError(
      `Cannot reach ${peer.name}: ${
        program === undefined ? `there is no program "${ssh}"` : `${program} is not executable`
      }`,
    );
  }
  const loader = Object.keys(Deno.env.toObject()).filter((name) => /^(LD_|DYLD_)/.test(name));
  if (loader.length === 0) return { run: [program], programs };
  const why =
    `the runtime lets a program be started with ${loader.join(", ")} in the environment only under an unscoped run ` +
    `permission, so this command line may start any program; it starts ssh`;
  return { run: true, programs, why: [why] };
}

/** Several sets as one. */
export function mergePermissions(sets: readonly PermissionSet[]): PermissionSet {
  const all: Record<string, unknown> = {};
  for (const kind of ["read", "write", "run", "net", "env", "sys"] as const) {
    const values = sets.map((set) => set[kind]).filter((value) => value !== undefined);
    if (values.length > 0) all[kind] = values.includes(true) ? true : [...new Set(values.flat())];
  }
  return {
    ...all,
    programs: Object.assign({}, ...sets.map((set) => set.programs)),
    tokens: Object.assign({}, ...sets.map((set) => set.tokens)),
    make: [...new Set(sets.flatMap((set) => set.make ?? []))],
    why: [...new Set(sets.flatMap((set) => set.why ?? []))],
  };
}

/** Opens the store of a peer. */
export async function openPeer(
  peer: Peer,
  around: Context,
  options: PeerOptions = {},
): Promise<Store & Partial<AsyncDisposable>> {
  const { location } = peer;
  if (location.kind === "folder") {
    const { LocalStore } = await import("../../../store/local/local_store.ts");
    return new LocalStore(location.path, { cache: `${indexFolder(location.path, around)}/folders` });
  }
  const { RemoteStore } = await import("../../../client/store/remote_store.ts");
  if (location.kind === "http") {
    const { httpTransport } = await import("../../../client/http/http_transport.ts");
    return new RemoteStore({
      location: location.url,
      base: location.url,
      transport: withWaitNotice(httpTransport(around.env.DBX_CA_FILE), around, location.url),
      ...around.tokens?.[location.url],
    });
  }
  return new RemoteStore({
    location: peer.name,
    base: "http://pipe",
    isSerial: true,
    ...await overSsh(location, peer, around, options),
  });
}

async function overSsh(
  location: Location & { kind: "ssh" },
  peer: Peer,
  around: Context,
  options: PeerOptions,
): Promise<{ transport: (request: Request) => Promise<Response>; close: () => Promise<void> }> {
  const { pipeTransport } = await import("../../../client/http/pipe_transport.ts");
  const [program, ...words] = sshWords(around.env);
  const path = requireProgram(program, around).path ?? program;
  const dbx = options.remoteDbx ?? around.env.DBX_REMOTE_DBX ?? "dbx";
  const far = `${dbx} serve --pipe --repo ${quoted(location.path)}`;
  const port = location.port === undefined ? [] : ["-p", location.port];
  const child = new Deno.Command(path, {
    args: [...words, ...port, "--", location.host, far],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // What the far side says is told as its words; ssh itself asks for passwords on the terminal.
  const told = forwardLines(child.stderr, (line) => around.stderr.line(`${peer.name}: ${line}`));
  const writer = child.stdin.getWriter();
  const output: ByteWriter = { write: (bytes) => writer.write(bytes) };
  const whyEnded = async (): Promise<string> => {
    // It may wait for more itself, where what it said could not be understood.
    const timer = setTimeout(() => void writer.abort().catch(() => {}), 2000);
    const last = setTimeout(() => child.kill("SIGKILL"), 5000);
    const { code, signal } = await child.status.finally(() => (clearTimeout(timer), clearTimeout(last)));
    await Promise.race([told, pause(LAST_WORDS_MS)]);
    return `${program} ended with ${signal ?? `exit code ${code}`}${
      code === 127 ? `; is "${dbx}" installed there? --remote-dbx names it` : ""
    }`;
  };
  const close = async (): Promise<void> => {
    // Whoever does not end when nothing more comes is ended.
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await Promise.race([writer.close().catch(() => {}), child.status]);
    await child.status.finally(() => clearTimeout(timer));
    await Promise.race([told, pause(LAST_WORDS_MS)]);
  };
  return { transport: pipeTransport(child.stdout, output, { who: peer.name, whyEnded }), close };
}

/** Calls back with each line that a program prints; for one that does not end, with its beginning. */
async function forwardLines(stream: ReadableStream<Uint8Array>, tell: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    if (rest.length > MAX_LINE_LENGTH) {
      lines.push(rest);
      rest = "";
    }
    for (const line of lines) tell(line.replace(/\r$/, ""));
  }
  if (rest !== "") tell(rest);
}

/** A word for the shell of the far side; `~/` keeps its meaning. */
function quoted(path: string): string {
  const [home, rest] = path.startsWith("~/") ? ["~/", path.slice(2)] : ["", path];
  return `${home}'${rest.replaceAll("'", "'\\''")}'`;
}
