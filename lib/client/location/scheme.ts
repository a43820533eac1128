import type { Programs } from "../../fs/find_program.ts";
import type { Repository } from "../../repo/repository.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import type { Store } from "../../store/store.ts";
import type { Transport } from "../http/exchange.ts";
import type { LocalRepository } from "../local_repository.ts";
import type { RemoteRepository } from "../remote_repository.ts";
import type { ServerToken } from "./credentials.ts";
import type { OpenOptions } from "./open_options.ts";
import type { Trust } from "./trust.ts";

/** What is known of the process, and of its user, where a location is looked at. */
export interface LocationEnvironment {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whose repositories are obeyed; undefined in a library, which has its user name everything. */
  readonly trust?: Trust;
}

/** What a process must be allowed to do to reach a repository. Paths are absolute. */
export interface LocationPermissions {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly net?: readonly string[];
  readonly run?: readonly string[] | true;
  /** Programs that were looked up for the process, which may not look itself. */
  readonly programs?: Programs;
  /** Sentences that explain what is unusual. */
  readonly why?: readonly string[];
}

/** How the repository at a location is opened. */
export interface Opening extends LocationEnvironment {
  /** What the user calls it, for messages. Default: its address. */
  readonly name?: string;
  /** What `permissions` found of programs. */
  readonly programs?: Programs;
  /** The token that goes with requests to a server, by its URL. */
  readonly tokenFor?: (url: string) => ServerToken | undefined;
  /** Puts something around what speaks to a server, by its URL. */
  readonly wrapTransport?: (transport: Transport, url: string) => Transport;
  /** Called with each trouble on the way. */
  readonly onMessage?: (message: string) => void;
  /** Called with each line that the other side prints besides. */
  readonly onRemoteLine?: (line: string) => void;
  /** The program on the other side of ssh. Default: `DBX_REMOTE_DBX`, else `dbx`. */
  readonly remoteDbx?: string;
  /** Makes the store of a folder. */
  readonly localStore?: (path: string) => LocalStore;
}

/** A store, and how its connection is closed, where it has one. */
export type OpenedStore = Store & Partial<AsyncDisposable>;

/**
 * One way to say where a repository is, and to get there. Parsing and permissions are asked for by the process that starts a
 * command, so this file and those that implement it load what opens a repository only when it is opened.
 */
export interface Scheme<L extends { readonly kind: string }> {
  readonly kind: L["kind"];
  /** How its locations are written, for messages. */
  readonly forms: string;
  /** The location that a text means; undefined where the text is not of this scheme. */
  parse(text: string, cwd: string): L | undefined;
  /** The location as settings and messages name it: an absolute path, a URL. Undefined: as the user wrote it. */
  address(location: L): string | undefined;
  /** What a copy of the repository is called by default. */
  nameOf(location: L): string | undefined;
  /** What reaching it needs. `writes`: it gets something. */
  permissions(location: L, environment: LocationEnvironment, writes: boolean): LocationPermissions;
  /** Opens its files, to synchronise them. */
  openStore(location: L, opening: Opening): Promise<OpenedStore>;
  /** Opens it to read experiments. Undefined: it can only be synchronised with. */
  openReader?(location: L, opening: Opening): Promise<Repository>;
  /** Opens it to read, to write and to ask, for the library. */
  openRepository?(location: L, options: OpenOptions): Promise<LocalRepository | RemoteRepository>;
}
