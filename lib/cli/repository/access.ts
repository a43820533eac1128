import type { JsonObject } from "../../base/json.ts";
import type { RemoteRepository } from "../../client/remote_repository.ts";
import type { RunDefinition } from "../../format/definitions/definition.ts";
import type { NewExperiment } from "../../logger/create.ts";
import type { Source } from "../../query/snapshot/snapshot.ts";
import type { CommandRequest } from "../../repo/control/requests.ts";
import type { Repository } from "../../repo/repository.ts";
import type { LocalStore } from "../../store/local/local_store.ts";

/** The repositories that a command line names. Each is opened when a command asks for it first, and then once. */
export interface RepositoryAccess {
  /** The repository, for reading. `localStore`: makes the store of a folder, by its absolute path. */
  repository(localStore?: (path: string) => LocalStore): Promise<Repository>;
  /** The same where it is behind a URL; undefined where it is in a folder. */
  server(): Promise<RemoteRepository | undefined>;
  /** The server that alone is asked; undefined where folders are asked, or several repositories. */
  onlyServer(): Promise<RemoteRepository | undefined>;
  /** All that were named, to list them. What a server's repository needs of its logs comes here. */
  listings(): Promise<Listing[]>;
  /** The same with their indexes, to ask them. */
  sources(): Promise<Source[]>;
  /**
   * Where the command logs; a folder becomes a repository. `spool`: the absolute path of the spool of a process that died, for a
   * server.
   */
  target(spool?: string): Promise<LogTarget>;
}

/** A repository to list, and the folder in which what is derived from it is kept. */
export interface Listing {
  readonly repository: Repository;
  readonly folder?: string;
  readonly name: string;
}

/** An experiment to which a run is added. */
export interface TargetExperiment {
  readonly id: string;
  /** Relative to the repository. */
  readonly folder: string;
}

/** An experiment that exists already. */
export interface FoundExperiment extends TargetExperiment {
  readonly params: JsonObject;
}

/** Where a command logs: a repository in a folder, or a spool from which a server gets it. */
export interface LogTarget {
  readonly store: LocalStore;
  /** Whether a server gets what is logged. */
  readonly isRemote: boolean;
  /** An experiment that exists, for a further run. */
  find(prefix: string): Promise<FoundExperiment>;
  /** Makes an experiment. */
  make(wanted: NewExperiment): Promise<TargetExperiment>;
  /** Creates the experiment with an id, or finds it if another process created it first. */
  makeOnce(wanted: NewExperiment & { readonly id: string }): Promise<FoundExperiment>;
  /** Whether an experiment is deleted, and hidden in lists. */
  isDeleted(experiment: TargetExperiment): Promise<boolean>;
  /** The id of the repository; undefined where a server cannot be reached. */
  repositoryId(): Promise<string | undefined>;
  /**
   * Makes a run of which only one may exist: the first process gets it, and all others are refused. Its log `dbx` then
   * has a first line, so that nobody can find that the run never began.
   */
  claim(
    experiment: TargetExperiment,
    definition: Partial<RunDefinition> & { readonly id: string },
  ): Promise<{ folder: string }>;
  /** What was asked of the experiment's runs. */
  requests(experiment: TargetExperiment): Promise<CommandRequest[]>;
  /**
   * Waits until a server has all of it, so many milliseconds at most. Returns false where it refused something for good, which
   * no waiting helps.
   */
  close(milliseconds: number): Promise<boolean>;
}
