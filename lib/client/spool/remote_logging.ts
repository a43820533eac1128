import { definitionFile } from "../../format/layout/names.ts";
import { pause } from "../../base/time.ts";
import { AlreadyExistsError, DbxError, messageOf } from "../../base/errors.ts";
import type { ExperimentDefinition } from "../../format/definitions/definition.ts";
import type { JsonObject } from "../../base/json.ts";
import { LoggedExperiment } from "../../logger/logged_experiment.ts";
import { LoggingRepository } from "../../logger/open.ts";
import type { ExperimentOptions } from "../../logger/options.ts";
import type { Experiment } from "../../repo/experiments/experiment.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import type { RemoteStore } from "../store/remote_store.ts";
import { listSpools } from "./list.ts";
import { Spool } from "./spool.ts";

/** Milliseconds that the end of a run waits for the server. */
const DRAIN_MS = 10_000;
/** Milliseconds after which a spool that is not written to is closed. */
const SETTLE_MS = 200;

/**
 * What is logged for a server: written to a spool on this machine, which is sent on as it comes, and closed when there
 * is no writer.
 */
export class RemoteLogging {
  #spool: Promise<Spool> | undefined;
  /** How many runs and other things are being written to the spool. */
  #writing = 0;
  /** The closing of a spool that is no longer written to. */
  #settling: Promise<void> = Promise.resolve();
  #closing: Promise<boolean> | undefined;
  /** Whether a caller writes to the spool itself, and closes it. */
  #hasOwner = false;
  #isRefused = false;

  /** `folder`: in which spools are made, an absolute path. */
  constructor(
    readonly store: RemoteStore,
    readonly folder: string | undefined,
    readonly onMessage: (message: string) => void,
  ) {}

  /** Whether the server did not take something because this token may not write it. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Makes an experiment. */
  async experiment(options: ExperimentOptions): Promise<LoggedExperiment> {
    const store = await this.#begin();
    try {
      const { definition, folder } = await new LoggingRepository(store, 1).experiment(options);
      return await this.#logged(store, definition, folder);
    } finally {
      this.#done();
    }
  }

  /**
   * An experiment that the server has. `note`: has the server add to its notes, for one of v0, which no spool holds.
   */
  async existing(
    found: Experiment,
    note: (event: string, data: JsonObject) => Promise<void>,
  ): Promise<LoggedExperiment> {
    const store = await this.#begin();
    try {
      if (found.version === 0) {
        const place = { begin: () => this.#begin(), done: () => this.#done(), note };
        return new LoggedExperiment(store, found.definition, found.folder, 0, place);
      }
      const name = definitionFile(found.folder);
      await createIfNew(store, name, await this.store.read(name));
      return await this.#logged(store, found.definition, found.folder);
    } finally {
      this.#done();
    }
  }

  /** The spool as a store; it stays until `close`. `path`: that of a process that died, which is gone on with. */
  async spoolStore(path?: string): Promise<LocalStore> {
    this.#hasOwner = true;
    if (path !== undefined) {
      this.#spool = Promise.resolve(Spool.resume(path, this.store, { onMessage: this.onMessage }));
    }
    return (await this.#spooling()).store;
  }

  /** Waits at most so many milliseconds until the server has all that was logged. Returns whether it has. */
  close(milliseconds: number = DRAIN_MS): Promise<boolean> {
    if (this.#closing !== undefined) return atMost(milliseconds, this.#closing);
    return this.#closing = this.#close(milliseconds).finally(() => this.#closing = undefined);
  }

  async #close(milliseconds: number): Promise<boolean> {
    const opening = this.#spool;
    this.#spool = undefined;
    const spool = await opening;
    if (spool === undefined) return true;
    const done = await spool.close(milliseconds);
    if (done) await this.#sendLeftovers();
    else if (spool.isRefused) {
      this.#isRefused = true;
      const { location } = this.store;
      this.onMessage(
        `the server refused what was logged: ${spool.trouble}; it is kept in ${spool.path}: log in with a token that may ` +
          `write (dbx token add NAME --role write on the server makes one, dbx login ${location} stores it here), then ` +
          `send it with dbx spool push --repo ${location}`,
      );
    } else {
      const why = spool.trouble === undefined ? "" : `: ${spool.trouble}`;
      this.onMessage(
        `the server has not received everything yet${why}; the rest waits in ${spool.path}, and dbx spool push --repo ` +
          `${this.store.location} sends it`,
      );
    }
    return done;
  }

  async #logged(store: LocalStore, definition: ExperimentDefinition, folder: string): Promise<LoggedExperiment> {
    const name = definitionFile(folder);
    const bytes = await store.read(name);
    return new LoggedExperiment(store, definition, folder, 1, {
      begin: async () => {
        const store = await this.#begin();
        try {
          // The spool may be another one than that in which the experiment was made.
          if (await store.stat(name) === undefined) await createIfNew(store, name, bytes);
          return store;
        } catch (error) {
          this.#done();
          throw error;
        }
      },
      done: () => this.#done(),
    });
  }

  /** The spool's store, for something that is to be written; `#done` when it is. */
  async #begin(): Promise<LocalStore> {
    this.#writing++;
    try {
      await this.#settling;
      return (await this.#spooling()).store;
    } catch (error) {
      this.#writing--;
      throw error;
    }
  }

  /**
   * When nothing is being written any more, what is there is sent and its spool removed in the background, so that a
   * script that ends here leaves nothing behind where the server is reached. A script is kept alive for that long only.
   */
  #done(): void {
    this.#writing--;
    if (this.#writing > 0 || this.#spool === undefined || this.#hasOwner) return;
    this.#settling = this.#settling.then(async () => {
      // Often something else is written at once.
      await pause(SETTLE_MS);
      if (this.#writing === 0) await this.close();
    }).catch((error) => this.onMessage(messageOf(error)));
  }

  /** Sends what ended runs of other processes left here while the server was away, as far as that is quickly done. */
  async #sendLeftovers(): Promise<void> {
    const signal = AbortSignal.timeout(DRAIN_MS);
    const { base, user: own } = this.store.client;
    try {
      for (const { path, url, user, isAlive, hasEnded } of await listSpools(this.folder!, Date.now())) {
        // Events logged with another token belong to that token.
        if (url !== base || user !== own || isAlive || !hasEnded) continue;
        const spool = Spool.open(path, this.store);
        try {
          await spool?.sendAll(signal, true);
        } finally {
          spool?.leave();
        }
      }
    } catch {
      // It stays, for the next one or for dbx spool push.
    }
  }

  /** The spool of this repository; made when something is logged first. */
  #spooling(): Promise<Spool> {
    if (this.folder === undefined) {
      return Promise.reject(
        new DbxError(
          `Cannot log to ${this.store.location}: there is no folder for the spool; set DBX_SPOOL or the option spool`,
        ),
      );
    }
    return this.#spool ??= Spool.create(this.folder, this.store, { onMessage: this.onMessage });
  }
}

/** What a promise gives, or false after so many milliseconds. */
async function atMost(milliseconds: number, promise: Promise<boolean>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function createIfNew(store: LocalStore, name: string, bytes: Uint8Array): Promise<void> {
  try {
    await store.create(name, bytes);
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error;
  }
}
