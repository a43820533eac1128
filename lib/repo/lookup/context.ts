import type { Brief, Depth, KnownRows } from "../cache/listing_cache.ts";
import type { RepositoryContext } from "../experiments/context.ts";
import type { Experiment } from "../experiments/experiment.ts";

/** Which experiments to list. */
export interface ListOptions {
  readonly signal?: AbortSignal;
  readonly only?: (definition: Brief) => boolean;
  /**
   * Take definitions as the catalogue knows them: they never change. What else is asked of an experiment is looked up then.
   * Default: each experiment's folder is looked at.
   */
  readonly asKnown?: boolean;
  /** Reads many experiments that the catalogue does not know; undefined where it does not. They are in the order of their ids. */
  readonly readMany?: (folders: readonly string[]) => Promise<ManyRead | undefined>;
  /**
   * Takes an experiment that the catalogue knows by a row, if it is still so; then nothing is made of it, and it is not listed.
   * Only together with `ahead`.
   */
  readonly takeRow?: (rows: KnownRows, number: number) => boolean;
  /** How far the caller will look below the experiments at once: other threads do so meanwhile. Default: it will not. */
  readonly ahead?: Depth;
}

/** What became of experiments that were read together, by their places. */
export interface ManyRead {
  /** Whether the catalogue knows it now: its folder need not be looked at again. */
  isKnown(at: number): boolean;
  /** Whether it is not to be listed. */
  isDone(at: number): boolean;
}

/** Where an experiment is: the folder that has its id for a name, relative to the repository. */
export interface Place {
  readonly id: string;
  readonly folder: string;
}

/** What looking for experiments uses of the repository. */
export interface LookupContext extends RepositoryContext {
  /** The experiment in a folder named by an id; undefined if there is none. */
  look(path: string, id: string): Promise<Experiment | "damaged" | undefined>;
  /** The experiment in a place; undefined where it is damaged or gone. */
  open(place: Place): Promise<Experiment | undefined>;
  /** Whether a folder named by an id is an experiment's. */
  isExperiment(path: string): Promise<boolean>;
  /** Every experiment, in arrays. */
  batches(options?: ListOptions): AsyncIterableIterator<readonly Experiment[]>;
  /** Where every experiment is, in no order, without reading it. */
  places(): AsyncIterable<Place>;
}
