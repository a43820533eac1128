import { isTransient } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { pause } from "../../base/time.ts";
import type { LiveMessage, LiveQuestion } from "../../live/live_query_broker.ts";
import { cellToJson, queryInputToJson } from "../../protocol/cells.ts";
import { errorFromJson } from "../../protocol/error_json.ts";
import type { HttpClient } from "../http/client.ts";
import { CUT_EARLY, unreachable } from "../http/unreachable.ts";
import { eventsOf } from "../../protocol/server_sent_events.ts";

/** Milliseconds to wait before connecting again: the first time, and at most. */
const [INITIAL_BACKOFF_MS, MAX_BACKOFF_MS] = [50, 10_000];

/** What is said of the way to a server while a live query lasts. */
export interface LiveNews {
  /** Called once when the connection is lost, however often opening it again fails. */
  readonly onTrouble?: (error: unknown) => void;
  /** Called when it stands again. */
  readonly onAgain?: () => void;
}

/**
 * The messages of a server about a live query, until the signal aborts. A lost connection is opened again and resumes
 * where it ended, so that no change is missed. Rejects where the query cannot be answered.
 */
export async function* remoteLive(
  client: HttpClient,
  { asked, params = {}, all }: LiveQuestion,
  signal: AbortSignal,
  { onTrouble, onAgain }: LiveNews = {},
): AsyncGenerator<LiveMessage, void> {
  const named = Object.entries(params).map((
    [name, value],
  ) => [name, typeof value === "boolean" ? value : cellToJson(value)]);
  const json = { ...queryInputToJson(asked), params: Object.fromEntries(named), all };
  let version: string | undefined;
  let backoff = INITIAL_BACKOFF_MS;
  let isTold = false;
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = version === undefined ? {} : { "last-event-id": version };
      const response = await client.call("live_by_body", {
        json,
        headers,
        signal,
        isLive: true,
        retries: version === undefined ? 3 : 0,
      });
      if (isTold) onAgain?.();
      isTold = false;
      for await (const { event, id, data } of eventsOf(response.body ?? new Blob([]).stream(), signal)) {
        const body = client.parse(data);
        if (event === "error") throw errorFromJson(body, `${client.base} failed`);
        version = id;
        backoff = INITIAL_BACKOFF_MS;
        if (event === "answer" && isObject(body) && Array.isArray(body.columns) && Array.isArray(body.rows)) {
          const rows = body.rows.map((row) => JSON.stringify(row));
          yield { type: "answer", version: id, columns: body.columns.map(String), rows };
        } else if (event === "changes" && Array.isArray(body)) {
          const changes = (body as [number, number, unknown[]][]).map(([at, removed, rows]) => ({
            at,
            removed,
            rows: rows.map((row) => JSON.stringify(row)),
          }));
          yield { type: "changes", version: id, changes };
        } else throw client.protocolError();
      }
    } catch (error) {
      if (signal.aborted) return;
      if (version === undefined || !isTransient(error)) throw error;
      if (!isTold) onTrouble?.(error);
      isTold = true;
    }
    if (version === undefined) {
      throw unreachable(client.base, CUT_EARLY);
    }
    await pause(backoff, signal);
    backoff = Math.min(MAX_BACKOFF_MS, backoff * 2);
  }
}
