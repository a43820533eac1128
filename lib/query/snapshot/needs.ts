/** What a snapshot has to know. */
export interface SnapshotNeeds {
  readonly status: boolean;
  readonly runs: boolean;
  readonly runStatus: boolean;
  readonly logs: boolean;
  /** That the index has what the logs say. */
  readonly columns: boolean;
  /** The times of events, too. Default false. */
  readonly times?: boolean;
  /** Look at nothing else. Default: everything. */
  readonly only?: SnapshotRestriction;
}

/**
 * Experiments by their ids, and those that have a run of one of the ids. Of each one all runs are listed. Ids that
 * nothing has are skipped.
 */
export interface SnapshotRestriction {
  readonly experiments?: readonly string[];
  readonly runs?: readonly string[];
}
