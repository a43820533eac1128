/** What the planner may take for granted about the rows. */
export interface Facts {
  /** Whether no two rows of `experiments` have the same id: two repositories may hold the same experiment. */
  readonly uniqueExperiments: boolean;
  /** Whether no two rows of `runs` have the same id. */
  readonly uniqueRuns: boolean;
}
