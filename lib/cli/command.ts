import type { ServerToken } from "../client/location/credentials.ts";
import type { Opening as HelperOpening } from "../server/pool/query_process.ts";
import type { Trust } from "../client/location/trust.ts";
import type { Output } from "../terminal/output.ts";
import type { Programs } from "../fs/find_program.ts";

/** One option of a subcommand, written `--name`. */
export interface OptionSpec {
  readonly name: string;
  /** A single letter: `-f`. */
  readonly short?: string;
  /** `flag`: no value (`--no-x` unsets it). `text`: the last one wins. `list`: may be repeated. `number`: a finite number. */
  readonly kind: "flag" | "text" | "list" | "number";
  /** What the value is called in the help, such as `DIR`. */
  readonly value?: string;
  readonly help: string;
  /** What the help names as the default; a description, not applied by the parser. */
  readonly default?: string;
  /** Whether help and completions leave it out: dbx itself uses it. */
  readonly hidden?: boolean;
  /** Of a number: whether it is above 0. */
  readonly positive?: boolean;
  /** The only values it takes. */
  readonly choices?: readonly string[];
}

/** A command line after parsing. */
export interface Parsed {
  /** By option name; absent if not given. A list is always an array. */
  readonly options: Readonly<Record<string, string | boolean | number | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
  /** What stands after `--`. */
  readonly rest: readonly string[];
}

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
  /** Tokens for the servers that the worker reaches: it may not read where they are kept, nor see those of others. */
  readonly tokens?: Tokens;
  /**
   * Folders that the command makes where they are missing. The main isolate makes them before the worker starts, because
   * a new folder is durable only after the one above it was synced, which the worker may not even read.
   */
  readonly make?: readonly string[];
}

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
  /** What `permissions` found of programs. */
  readonly programs?: Programs;
  readonly now: number;
}

/** All that a running command may touch of the world; nothing global. */
export interface Context extends CommandEnvironment {
  readonly stdin: { readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>; readonly isTerminal: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * Has the main isolate start the process beside that the command declares, and gives its pipes: bytes on the port are those
   * of its stdin and stdout, `null` ends it, and `{code, signal}` tells its end. Undefined where there is no main isolate.
   */
  readonly helper?: () => MessagePort;
  /** Aborted on SIGINT or SIGTERM (unless the command says that it handles signals itself). */
  readonly signal: AbortSignal;
}

/** A subcommand: its declaration, which the main isolate reads, and its code, which only its worker loads. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What follows `dbx <name>`: `[options] <experiment>`. */
  readonly usage: string;
  /** Paragraphs for `--help`. */
  readonly details?: string;
  /** Command lines for `--help`. */
  readonly examples?: readonly string[];
  /** What a process beside is told first, of commands that have some: it holds no more than this says. */
  helper?(parsed: Parsed, around: CommandEnvironment): HelperOpening;
  /** Besides `--repo`, `--help`, `--show-permissions`, which every command has. */
  readonly options: readonly OptionSpec[];
  /** Words of which the first positional is one, for completion. */
  readonly actions?: readonly string[];
  /** How many positionals it takes. */
  readonly positionals: { readonly min: number; readonly max: number };
  /** Whether `--repo` may be given several times. */
  readonly severalRepositories?: boolean;
  /** Whether it does without the repository of the working folder, and so may be used where that one may not. */
  withoutRepository?(parsed: Parsed): boolean;
  /** Whether the repository may be behind the URL of a server. */
  readonly servers?: boolean;
  /** Whether it takes `-- words`. */
  readonly takesRest?: boolean;
  /** Whether it listens to signals itself; `context.signal` then never aborts. */
  readonly handlesSignals?: boolean;
  /** Whether SIGINT and SIGTERM are how it ends: the exit code is 0 then. */
  readonly endsBySignal?: boolean;
  /**
   * Whether the first SIGINT or SIGTERM ends it wherever it is, also in the middle of a computation that hears no signal: it
   * only reads, and what it keeps beside, index and catalogues, is written by whole files.
   */
  readonly endsAtOnce?: boolean;
  /** Whether it begins at once, and leaves a purge of the repository that was cut off to another command. */
  readonly goesAhead?: boolean;
  /** What its worker needs for this command line. Runs in the main isolate; may look at the file system. */
  permissions(parsed: Parsed, around: CommandEnvironment): PermissionSet | Promise<PermissionSet>;
  /** Loads the code: `() => import("../commands/look/ls_run.ts")`. Called in the worker only. */
  load(): Promise<{ run(context: Context, parsed: Parsed): Promise<number> }>;
}

/** Every subcommand by its name; each declaration is loaded only when its command is named. */
export type CommandTable = Readonly<Record<string, () => Promise<{ readonly command: Command }>>>;
