import { routeTo } from "../../protocol/route_table.ts";
import { DamageError, DbxError } from "../../base/errors.ts";
import type { HttpClient } from "../../client/http/client.ts";
import { encodeEvent } from "../../format/events/encode_event.ts";
import { logFile } from "../../format/layout/names.ts";
import { CLAIM_EVENT, EXPIRED_EVENT } from "../../repo/logs/claim_events.ts";
import { LogAppender } from "../../store/local/logs/log_appender.ts";
import type { LocalStore } from "../../store/local/local_store.ts";

/** Another process has the run. */
export class ClaimedError extends DbxError {
  override name = "ClaimedError";
  override readonly exitCode = 75;
}

/** The error for a run that another process has claimed. */
export function claimed(run: string): ClaimedError {
  return new ClaimedError(`Cannot start the run "${run}": another process has claimed it`);
}

/** The first line of the log of a run that its claimer starts now. */
export function claimLine(claim: string, now: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(encodeEvent(CLAIM_EVENT, now, { claim }));
}

/** The first line of the log of a run that its claimer never started. `by`: who found that. */
export function expiredLine(by: string, now: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(encodeEvent(EXPIRED_EVENT, now, { by }));
}

/** Writes the first line of a run's log `dbx` in a folder. Returns false where another one is first. `run`: the run's folder. */
export function writeFirstLine(store: LocalStore, run: string, line: Uint8Array): boolean {
  using extender = new LogAppender(store.folder);
  const path = store.path(logFile(run, "dbx"));
  try {
    extender.extend(path, 0, line);
    extender.flush([path]);
    return true;
  } catch (error) {
    if (error instanceof DamageError) return false;
    throw error;
  }
}

/** The same behind a server. `exp`, `run`: the ids of the experiment and the run. */
export async function sendFirstLine(
  client: HttpClient,
  exp: string,
  run: string,
  line: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const response = await client.send(routeTo("add_to_log", { run: `${exp}/${run}`, log: "dbx" }), {
    body: line,
    search: { offset: 0, copy: 1 },
  });
  if (response.status === 409) {
    await response.body?.cancel();
    return false;
  }
  if (!response.ok) throw await client.errorOf(response);
  await response.body?.cancel();
  return true;
}
