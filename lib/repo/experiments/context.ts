import type { Entry, Store } from "../../store/store.ts";
import type { ListingCache } from "../cache/listing_cache.ts";
import type { RunStatus } from "../logs/run_status.ts";
import type { FolderState } from "../cache/folder_state.ts";
import type { Problem } from "../problems/problem.ts";

/** What stands in a folder. */
export interface Listing {
  readonly entries: readonly Entry[];
  /** False where a link, a name that cannot be used, or a folder that cannot be listed was met: each time that is to be said. */
  readonly isPlain: boolean;
}

/** What experiments and runs use of the repository that they are in. */
export interface RepositoryContext {
  readonly store: Store;
  readonly location: string;
  /** What earlier listings knew. */
  readonly catalogue?: ListingCache;
  /** What stands in a folder; what is wrong with it is reported. */
  entries(folder: string, options?: { readonly signal?: AbortSignal }): Promise<readonly Entry[]>;
  /** The same, and whether there is something to be said of it. */
  listing(folder: string, options?: { readonly signal?: AbortSignal }): Promise<Listing>;
  /** Adds a problem once. */
  report(problem: Problem): void;
}

/** What a run uses of its experiment. */
export interface ExperimentContext {
  readonly repository: RepositoryContext;
  readonly id: string;
  readonly version: 0 | 1;
  /** Has the catalogue remember the names of the logs of one of its runs. */
  keepLogs(run: string, state: FolderState, seenAt: number, names: readonly string[]): void;
  /** The same of how one of its runs ended. */
  keepEnding(run: string, status: RunStatus): void;
  /** The same of one that is closed. */
  keepClosed(run: string, bytes: number | undefined): void;
}
