/** Seconds between two heartbeats of a run, where its first event does not say otherwise. */
export const HEARTBEAT_SECONDS = 30;

/** How many heartbeats may be missing before a run counts as lost. */
const MISSED_HEARTBEATS = 4;

/** Milliseconds of silence after which a run counts as lost, and a claim without a first event as expired. */
export function lostAfterMs(heartbeatSeconds: number = HEARTBEAT_SECONDS): number {
  return MISSED_HEARTBEATS * heartbeatSeconds * 1000;
}
