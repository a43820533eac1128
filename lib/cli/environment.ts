import type { ServerToken } from "../client/location/credentials.ts";
import type { ConfiguredRemotes } from "../client/location/remotes.ts";
import type { Trust } from "../client/location/trust.ts";
import type { Programs } from "../fs/find_program.ts";

/** What a command's worker may do; everything absent is denied. Paths are absolute. `ffi` cannot be named. */
export interface PermissionSet {
  readonly read?: readonly string[] | true;
  readonly write?: readonly string[] | true;
  readonly run?: readonly string[] | true;
  readonly net?: readonly string[] | true;
  readonly env?: readonly string[] | true;
  readonly sys?: readonly string[] | true;
  /** Sentences for `--show-permissions` that explain what is unusual. */
  readonly why?: readonly string[];
  /** A free port of this machine that was chosen for the worker alone. */
  readonly inner?: string | number;
  /** Programs that were looked up for the worker, which must not look itself: it may not read the folders of `PATH`. */
  readonly programs?: Programs;
  /** What else was looked up for the worker, by names of the command's own: plain data. */
  readonly found?: Found;
  /** Tokens for the servers that the worker reaches: it may not read where they are kept, nor see those of others. */
  readonly tokens?: Tokens;
  /**
   * Folders that the command makes where they are missing. The main isolate makes them before the worker starts, because
   * a new folder is durable only after the one above it was synced, which the worker may not even read.
   */
  readonly make?: readonly string[];
}

/** What `permissions` looked up for a worker. */
export type Found = Readonly<Record<string, unknown>>;

/** The tokens for servers, by the URLs of these. */
export type Tokens = Readonly<Record<string, ServerToken>>;

/** What a command sees of the process when it declares its permissions. */
export interface CommandEnvironment {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /**
   * The repository that `--repo`, `DBX_REPO` or the working folder choose: absolute; it need not exist yet. For commands
   * that take `servers`, it may be the URL of one.
   */
  readonly repo: string;
  /** The absolute path of the file that `--token-file` names. */
  readonly tokenFile?: string;
  /** Whether `--insecure` is given: a token may go over a way that is not encrypted. */
  readonly insecure?: boolean;
  /** What `permissions` found of tokens: see there. */
  readonly tokens?: Tokens;
  /** All that `--repo` names, for commands that take several; the first of them is `repo`. */
  readonly repos: readonly string[];
  /** Where `permissions` chose that the runtime's server listens: the path of a folder for sockets, or a port. */
  readonly inner?: string | number;
  /** Whose repositories are obeyed; undefined in a library, which has its user name everything. */
  readonly trust?: Trust;
  /** Repositories to synchronise with that settings name. */
  readonly remotes?: ConfiguredRemotes;
  /** What `permissions` found of programs. */
  readonly programs?: Programs;
  /** What `permissions` found besides. */
  readonly found?: Found;
  readonly now: number;
}
