import type { Opening as HelperOpening } from "../server/pool/query_process.ts";
import type { Output } from "../terminal/output.ts";
import type { Result } from "../terminal/result.ts";
import type { CommandEnvironment, PermissionSet } from "./environment.ts";
import type { RepositoryAccess } from "./repository/access.ts";
import type { OptionSpec, Parsed } from "./options.ts";
import type { RunOther } from "./launch/other_commands.ts";
import type { TerminalRequest } from "./launch/terminal_guard.ts";

export type { CommandEnvironment, PermissionSet, Tokens } from "./environment.ts";
export type { OptionSpec, Parsed } from "./options.ts";

/** What a running command may touch of its process; nothing global. */
export interface ProcessContext extends CommandEnvironment {
  readonly stdin: { readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>; readonly isTerminal: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * Has the main isolate start the process beside that the command declares, and gives its pipes: bytes on the port are
   * those of its stdin and stdout, `null` ends it, and `{code, signal}` reports its end. Undefined if there is no main
   * isolate.
   */
  readonly helper?: () => MessagePort;
  /**
   * Asks the main isolate for the whole terminal, gives it back, or stops the process as Ctrl-Z does; resolves when that is
   * done, for a stop when the process goes on. Undefined where the command does not say that it uses the screen.
   */
  readonly terminal?: (request: TerminalRequest) => Promise<void>;
  /** Runs another command for this one, in a worker of its own. Undefined where the command does not declare any. */
  readonly runOther?: RunOther;
  /** Every command, for commands that describe others. */
  readonly subjects: readonly Subject[];
  /** Aborted on SIGINT or SIGTERM (unless the command says that it handles signals itself). */
  readonly signal: AbortSignal;
}

/** All that a running command may touch of the world: its process, and the repositories of its command line. */
export interface Context extends ProcessContext, RepositoryAccess {}

/** What a word of a command line may name, so that a shell can complete it. */
export type Completion =
  | "experiment"
  | "running"
  | "deleted"
  | "kind"
  | "name"
  | "tag"
  | "series"
  | "column"
  | "table"
  | "remote"
  | "setting"
  | "run-file"
  | "file"
  | "folder";

/** What a group and a command have in common. */
interface Described {
  /** As it is typed after `dbx`: `ls`, `queue add`. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Paragraphs for `--help`. */
  readonly details?: string;
  /** Command lines for `--help`. */
  readonly examples?: readonly string[];
}

/** Commands that share a word: `dbx queue add`, `dbx queue ls`. */
export interface CommandGroup extends Described {
  /** By their second word, in the order of the help. */
  readonly subcommands: CommandTable;
  /** The subcommand that is meant where none is named. */
  readonly default: string;
}

/** The declaration of a command, which the main isolate reads; its code stands beside it in the table of commands. */
export interface Command<Specs extends readonly OptionSpec[] = readonly OptionSpec[]> extends Described {
  /** What follows `dbx <name>`: `[options] <experiment>`. */
  readonly usage: string;
  /** What its exit codes mean, besides 0, 2 and those of every command. */
  readonly exitCodes?: Readonly<Record<string, string>>;
  /** Besides `--repo`, `--help`, `--show-permissions`, which every command has. */
  readonly options: Specs;
  /** How many positionals it takes. `choices`: the words of which the first is one; `completes`: what each may name. */
  readonly positionals: {
    readonly min: number;
    readonly max: number;
    readonly choices?: readonly string[];
    readonly completes?: readonly Completion[];
  };
  /** Whether `--repo` may be given several times. */
  readonly severalRepositories?: boolean;
  /** Whether it does without the repository of the working folder and without settings, and so may be used where those may not. */
  withoutRepository?(parsed: Parsed<Specs>): boolean;
  /** Whether the repository may be behind the URL of a server. */
  readonly servers?: boolean;
  /** Whether it takes `-- words`. */
  readonly takesRest?: boolean;
  /** Whether what it prints on a terminal is shown in pages where it is longer than a screen. */
  pages?(parsed: Parsed<Specs>): boolean;
  /** Whether it sees all of the environment, for a program that it starts. */
  readonly seesEnvironment?: boolean;
  /** Whether it listens to signals itself; `context.signal` then never aborts. */
  readonly handlesSignals?: boolean;
  /** Whether SIGINT and SIGTERM are how it ends: the exit code is 0 then. */
  readonly endsBySignal?: boolean;
  /**
   * The commands that it may have run on its repositories when somebody asks for it, each in a worker of its own with what that
   * command declares: so it need not hold itself what only they need. They take `--quiet`.
   */
  readonly mayRun?: readonly string[];
  /** Whether it draws on the whole terminal, which the main isolate then holds for it. */
  readonly usesScreen?: boolean;
  /**
   * Whether the first SIGINT or SIGTERM ends it wherever it is, also in the middle of a computation that hears no signal: it
   * only reads, and what it keeps beside, index and catalogues, is written by whole files. An executable then runs it in the main
   * isolate where it can (`launch/narrow.ts`).
   */
  readonly endsAtOnce?: boolean;
  /** Whether it begins at once, and leaves a purge of the repository that was cut off to another command. */
  readonly goesAhead?: boolean;
  /** What its worker needs for this command line. Runs in the main isolate; may look at the file system. */
  permissions(parsed: Parsed<Specs>, environment: CommandEnvironment): PermissionSet | Promise<PermissionSet>;
  /** The first message to a helper process, for commands that have one: it holds no more than this says. */
  helper?(parsed: Parsed<Specs>, environment: CommandEnvironment): HelperOpening;
}

/** The code of a command. Resolves to its result, which is printed for it, or to the exit code where it has printed itself. */
export interface CommandCode<Specs extends readonly OptionSpec[] = readonly OptionSpec[]> {
  run(context: Context, parsed: Parsed<Specs>): Promise<Result | number>;
}

/** A command in the table: each of the two is loaded only when its command is named, the code in the worker only. */
export interface CommandEntry {
  describe(): Promise<{ readonly command: Command | CommandGroup }>;
  /** A group has no code of its own. */
  load?(): Promise<CommandCode>;
}

/** Commands by their names, in the order of the help. */
export type CommandTable = Readonly<Record<string, CommandEntry>>;

/** An entry whose code takes what its declaration declares. */
export function entry<const Specs extends readonly OptionSpec[]>(
  describe: () => Promise<{ readonly command: Command<Specs> }>,
  load: () => Promise<{ readonly run: (context: Context, parsed: Parsed<NoInfer<Specs>>) => Promise<Result | number> }>,
): CommandEntry {
  return { describe, load };
}

/** Commands about one subject: a paragraph of `dbx help`. */
export interface Subject {
  readonly title: string;
  readonly commands: CommandTable;
}
