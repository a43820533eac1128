import { definitionFile } from "../../format/layout/names.ts";
import { pause } from "../../base/time.ts";
import { Yielder } from "../../base/yielder.ts";
import { NotFoundError } from "../../base/errors.ts";
import { isId } from "../../base/ids.ts";
import { LruCache } from "../../base/lru_cache.ts";
import { SingleFlight } from "../../base/single_flight.ts";
import { Experiment, type ExperimentRun } from "../../repo/experiments/experiment.ts";
import { knownExperiment, knownWholeRun } from "../../repo/lookup/find.ts";
import { IdWalk } from "../../repo/lookup/id_walk.ts";
import type { Ids } from "../../repo/lookup/ids.ts";
import type { Repository } from "../../repo/repository.ts";
import { Run } from "../../repo/experiments/run.ts";
import { BulkWork } from "../listen/bulk_work.ts";

/** Milliseconds for which an id that was not found is not looked for again. */
const ABSENT_MS = 500;
/** Milliseconds of a walk after which another one may follow at once. */
const SHORT_MS = 10;
/** So many places are remembered. */
const MAX_ENTRIES = 100_000;
/** And so many ids that were not found. */
const MAX_ABSENT = 10_000;

/**
 * Finds experiments and runs by id, and remembers where they are, since a server is asked for the same ones again. For what it
 * does not know, it goes through all folders, once for all who ask meanwhile, and gives way to other work.
 */
export class LookupCache {
  readonly #experiments = new LruCache<string, Experiment>(MAX_ENTRIES);
  readonly #runs = new LruCache<string, ExperimentRun>(MAX_ENTRIES);
  readonly #absent = new LruCache<string, { readonly since: number; readonly message: string }>(MAX_ABSENT);
  readonly #walk: SingleFlight<Ids>;
  /** What the last walk found. */
  #known: Ids | undefined;
  /** How often something new came in: a search that began before it says nothing about what is there now. */
  #arrivals = 0;

  /** `bulk`: where walks wait for their turns. */
  constructor(readonly repository: Repository, readonly bulk = new BulkWork()) {
    const walk = new IdWalk(repository);
    const pace = bulk.paceOf("places");
    let rest = 0;
    this.#walk = new SingleFlight(async (signal) => {
      // At least half of the time is for others.
      if (rest > SHORT_MS) await pause(rest, signal);
      const from = performance.now();
      this.#known = await walk.walk(new Yielder(signal, pace));
      rest = performance.now() - from;
      return this.#known;
    });
  }

  /** The experiment whose id starts with a prefix. */
  async experiment(prefix: string): Promise<Experiment> {
    const known = this.#experiments.get(prefix);
    if (known !== undefined && await this.#isThere(known.folder)) return known;
    this.#experiments.delete(prefix);
    const found = lasting(
      await knownExperiment(this.repository, prefix) ??
        await this.#find(`e ${prefix}`, prefix, (ids) => this.repository.findExperiment(prefix, ids)),
    );
    this.#experiments.set(found.id, found);
    return found;
  }

  /**
   * The run whose id starts with a prefix; for an experiment's id, its latest run; `exp/run` for one of an experiment.
   */
  async run(prefix: string): Promise<ExperimentRun> {
    const known = this.#runs.get(prefix);
    if (known !== undefined && await this.#isThere(known.folder)) return known;
    this.#runs.delete(prefix);
    const [exp, id] = prefix.split("/");
    if (id !== undefined && isId(id) && this.#experiments.has(exp)) {
      for (const run of await this.#experiments.get(exp)!.runs()) this.#runs.set(run.id, run);
      if (this.#runs.has(id)) return this.#runs.get(id)!;
    }
    const { experiment, definition, folder } = await knownWholeRun(this.repository, prefix) ??
      await this.#find(`r ${prefix}`, prefix, (ids) => this.repository.findRun(prefix, ids));
    const found = new Run(lasting(experiment), definition, folder);
    // An experiment's id means another run later.
    if (prefix === found.id || prefix.endsWith(`/${found.id}`)) this.#runs.set(prefix, found);
    return found;
  }

  /** Remembers what was just made. */
  made(experiment: Experiment, run?: ExperimentRun): void {
    this.#experiments.set(experiment.id, experiment);
    if (run !== undefined) this.#runs.set(run.id, run);
    this.changed();
  }

  /** Something came in by another way: what was not there may be there now. */
  changed(): void {
    this.#arrivals++;
    this.#absent.clear();
  }

  async #isThere(folder: string): Promise<boolean> {
    return await this.repository.store.stat(definitionFile(folder)) !== undefined;
  }

  async #find<T>(key: string, prefix: string, find: (ids: Ids) => Promise<T>): Promise<T> {
    const absent = this.#absent.get(key);
    if (absent !== undefined && performance.now() - absent.since < ABSENT_MS) throw new NotFoundError(absent.message);
    // What comes later has another id.
    if (this.#known?.isNamed(prefix)) {
      try {
        return await find(this.#known);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    }
    const arrivals = this.#arrivals;
    try {
      return await find(await this.#walk.fresh(this.bulk.ended));
    } catch (error) {
      if (error instanceof NotFoundError && arrivals === this.#arrivals) {
        this.#absent.set(key, { since: performance.now(), message: error.message });
      }
      throw error;
    }
  }
}

/** An experiment that is remembered: it may get notes later, though there were none when it was listed. */
function lasting({ repository, definition, folder, runV0 }: Experiment): Experiment {
  return new Experiment(repository, definition, folder, runV0, true);
}
