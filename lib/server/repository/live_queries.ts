import { LiveQueryBroker } from "../../live/live_query_broker.ts";
import type { QueryPool } from "../pool/query_pool.ts";
import type { ServedRepository } from "./served_repository.ts";

/** What one evaluation of a live query may use. */
const LIMITS = { ms: 10_000, rows: 20_000, bytes: 32 * 1024 * 1024 };

/** The live queries over a repository, which a pool evaluates. */
export function liveQueriesOf(pool: QueryPool, served: ServedRepository): LiveQueryBroker {
  const of = [{ at: served.at, name: served.name }];
  return new LiveQueryBroker(async ({ asked, params, all }, signal) => {
    const question = { type: "query", asked, params, all, format: "rows", awaitsSeries: true } as const;
    const text = await pool.ask(of, question, { limits: LIMITS, signal }).then((stream) => new Response(stream).text())
      .catch((error) => {
        const { hide } = served.options;
        if (error instanceof Error && hide !== undefined) error.message = hide(error.message);
        throw error;
      });
    const [head, ...rows] = text.split("\n");
    const { columns } = JSON.parse(head) as { columns: string[] };
    return { columns, rows: rows.slice(0, -2) }; // The last line says that it is the end.
  }, served);
}
