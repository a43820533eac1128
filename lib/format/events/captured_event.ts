/** Says that a package logs into a run, and what that package calls the run. */
export const CAPTURED_EVENT = "dbx/captured";

/** Says with which params a package was told that a run works. */
export const PARAMS_EVENT = "dbx/params";

/** Says what a package calls the results of a run. */
export const SUMMARY_EVENT = "dbx/summary";

/** Says that something that a package logged could not be recorded. */
export const CAPTURE_FAILED_EVENT = "dbx/capture-failed";

/** Whether a log is one of those with these events: `capture`, or of another process than the first one `capture-<process>`. */
export function isCaptureLog(name: string): boolean {
  return /^capture(-|$)/.test(name);
}
