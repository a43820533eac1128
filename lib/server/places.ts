import { isId } from "../base/ids.ts";
import { NotFoundError } from "../base/errors.ts";
import { Experiment } from "../repo/experiment.ts";
import type { Repository } from "../repo/repository.ts";
import { Run } from "../repo/run.ts";

/** Milliseconds for which an id that was not found is not looked for again. */
const ABSENT_MS = 500;
/** So many places are remembered. */
const MOST = 100_000;

/** Finds experiments and runs by id, and remembers where they are, since a server is asked for the same ones again. */
export class Places {
  readonly #experiments = new Map<string, Experiment>();
  readonly #runs = new Map<string, Run>();
  readonly #absent = new Map<string, { readonly since: number; readonly message: string }>();
  /** How often something new came in: a search that began before it says nothing about what is there now. */
  #arrivals = 0;

  constructor(readonly repository: Repository) {}

  /** The experiment whose id starts so. */
  async experiment(prefix: string): Promise<Experiment> {
    const known = this.#experiments.get(prefix);
    if (known !== undefined && await this.#isThere(known.folder)) return known;
    this.#experiments.delete(prefix);
    const found = lasting(await this.#find(`e ${prefix}`, () => this.repository.findExperiment(prefix)));
    keep(this.#experiments, found.id, found);
    return found;
  }

  /** The run whose id starts so; of an experiment's id, its latest run; `exp/run` for one of an experiment. */
  async run(prefix: string): Promise<Run> {
    const known = this.#runs.get(prefix);
    if (known !== undefined && await this.#isThere(known.folder)) return known;
    this.#runs.delete(prefix);
    const [exp, id] = prefix.split("/");
    if (id !== undefined && isId(id) && this.#experiments.has(exp)) {
      for (const run of await this.#experiments.get(exp)!.runs()) keep(this.#runs, run.id, run);
      if (this.#runs.has(id)) return this.#runs.get(id)!;
    }
    const { experiment, definition, folder } = await this.#find(`r ${prefix}`, () => this.repository.findRun(prefix));
    const found = new Run(lasting(experiment), definition, folder);
    // An experiment's id means another run later.
    if (prefix === found.id || prefix.endsWith(`/${found.id}`)) keep(this.#runs, prefix, found);
    return found;
  }

  /** Remembers what was just made. */
  made(experiment: Experiment, run?: Run): void {
    keep(this.#experiments, experiment.id, experiment);
    if (run !== undefined) keep(this.#runs, run.id, run);
    this.changed();
  }

  /** Something came in by another way: what was not there may be there now. */
  changed(): void {
    this.#arrivals++;
    this.#absent.clear();
  }

  async #isThere(folder: string): Promise<boolean> {
    return await this.repository.store.stat(`${folder}/meta.json`) !== undefined;
  }

  async #find<T>(key: string, find: () => Promise<T>): Promise<T> {
    const known = this.#absent.get(key);
    if (known !== undefined && performance.now() - known.since < ABSENT_MS) throw new NotFoundError(known.message);
    const arrivals = this.#arrivals;
    try {
      return await find();
    } catch (error) {
      if (error instanceof NotFoundError && arrivals === this.#arrivals) {
        if (this.#absent.size > 10_000) this.#absent.clear();
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

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= MOST) map.clear();
  map.set(key, value);
}
