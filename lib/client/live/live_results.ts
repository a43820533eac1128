import type { Json } from "../../base/json.ts";
import type { QueryValue } from "../../query/result/answer.ts";
import { cellFromJson } from "../../protocol/cells.ts";
import { applyChanges, type Change } from "../../live/diff.ts";
import type { LiveMessage } from "../../live/live_query_broker.ts";

/** A live answer at a moment. */
export interface LiveResult {
  readonly columns: readonly string[];
  /** All rows as they are now. */
  readonly rows: readonly (readonly QueryValue[])[];
  /** What changed since the answer before; undefined for the first one, and where everything did. */
  readonly changes?: readonly Change<readonly QueryValue[]>[];
}

/** Whole answers of messages. */
export async function* liveResults(messages: AsyncIterable<LiveMessage>): AsyncGenerator<LiveResult, void> {
  let columns: readonly string[] = [];
  let rows: readonly (readonly QueryValue[])[] = [];
  for await (const message of messages) {
    if (message.type === "answer") {
      columns = message.columns;
      rows = message.rows.map(rowOf);
      yield { columns, rows };
      continue;
    }
    const changes = message.changes.map((change) => ({ ...change, rows: change.rows.map(rowOf) }));
    rows = applyChanges(rows, changes);
    yield { columns, rows, changes };
  }
}

function rowOf(text: string): QueryValue[] {
  return (JSON.parse(text) as Json[]).map(cellFromJson);
}
