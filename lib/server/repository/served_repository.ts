import { FileCatalogue } from "../../query/snapshot/catalogue/file_catalogue.ts";
import { type Changes, FolderChanges } from "../../live/folder_changes.ts";
import { openReader } from "../../repo/open.ts";
import type { Repository } from "../../repo/repository.ts";
import { LogAppender } from "../../store/local/logs/log_appender.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import { TokenCache } from "../access/token_cache.ts";
import type { TokenFile } from "../access/token_file.ts";
import type { BulkWork } from "../listen/bulk_work.ts";
import { LookupCache } from "./lookup_cache.ts";
import { SerialByKey } from "../../base/serial_by_key.ts";
import { ResponseCache } from "../http/response_cache.ts";
import { ServedFiles } from "./served_files.ts";
import type { TokenLimits } from "../access/token_limits.ts";
import { Writes } from "../writes/writes.ts";

/** A repository to serve. */
export interface ServedOptions {
  /** Its name in addresses: `/repos/<name>/api/v1`. */
  readonly name: string;
  readonly store: LocalStore;
  /** The absolute folder for what is derived from it. */
  readonly folder?: string;
  readonly readOnly?: boolean;
  /** The tokens that open it. */
  readonly tokens?: TokenFile;
  /** What tokens may write that have no limits of their own. */
  readonly limits?: TokenLimits;
  /** The tokens that open all repositories of the server, instead of `tokens`. */
  readonly shared?: TokenCache;
  readonly onError?: (message: string) => void;
  /** Takes paths of this machine out of a message. */
  readonly hide?: (message: string) => string;
  /** A clock, in milliseconds since any moment. */
  readonly now?: () => number;
}

/** A repository that a server offers, opened when it is first asked for. */
export class ServedRepository implements Changes, Disposable {
  readonly name: string;
  readonly store: LocalStore;
  readonly readOnly: boolean;
  readonly extender: LogAppender;
  /** The tokens that open it. */
  readonly tokens: readonly TokenCache[];
  /** The write permissions. */
  readonly writes: Writes;
  /** Its files, for synchronisation. */
  readonly files: ServedFiles;
  /** Answers that may be given again. */
  readonly responses: ResponseCache;
  /** What is done about one id, one after another. */
  readonly serial = new SerialByKey();
  readonly #changes: FolderChanges;
  readonly #ended = new AbortController();
  #isWatched = false;
  #opened: Promise<Repository> | undefined;
  #places: LookupCache | undefined;

  /** `at`: its place among the repositories of the server. `bulk`: where work in bulk waits for its turn. */
  constructor(readonly options: ServedOptions, readonly at: number, readonly bulk: BulkWork) {
    this.name = options.name;
    this.store = options.store;
    this.extender = new LogAppender(options.store.folder);
    this.readOnly = options.readOnly ?? false;
    const { tokens, shared, limits, now } = options;
    const own = tokens === undefined ? [] : [new TokenCache(tokens, options.onError, now)];
    this.tokens = shared === undefined ? own : [shared];
    const nameOf = (id: string) => this.tokens.flatMap((known) => known.nameOf(id) ?? [])[0];
    this.writes = new Writes(options.store, { limits, nameOf, now });
    this.#changes = new FolderChanges(options.store.location, () => new FileCatalogue(options.folder).folders);
    this.responses = new ResponseCache(options.store);
    this.files = new ServedFiles(options.store, {
      readOnly: this.readOnly,
      onError: options.onError,
      hide: options.hide,
      onChange: () => this.changed(),
      changes: this,
      writes: this.writes,
      bulk,
    });
  }

  /** The repository; where there is none yet, one that can be written gets its marker. */
  async repository(): Promise<Repository> {
    this.#opened ??= this.#open();
    try {
      return await this.#opened;
    } catch (error) {
      this.#opened = undefined;
      throw error;
    }
  }

  async #open(): Promise<Repository> {
    const { folder } = this.options;
    if (folder !== undefined && !this.readOnly) await this.store.renewDerived(folder);
    return await openReader(this.store, { catalogue: new FileCatalogue(folder) });
  }

  async places(): Promise<LookupCache> {
    return this.#places ??= new LookupCache(await this.repository(), this.bulk);
  }

  /** Something was written. */
  changed(): void {
    this.responses.changed();
    this.#places?.changed();
    this.#changes.notify();
  }

  /** Has a function called soon after each change, by whomever, until the signal aborts. */
  watch(onChange: () => void, signal: AbortSignal): void {
    // Once a client needs that, the folder is watched from then on: to start again each time would cost more.
    if (!this.#isWatched) this.#changes.watch(() => this.#places?.changed(), this.#ended.signal);
    this.#isWatched = true;
    this.#changes.watch(onChange, signal);
  }

  [Symbol.dispose](): void {
    this.#ended.abort();
    this.extender[Symbol.dispose]();
    this.writes[Symbol.dispose]();
  }
}
