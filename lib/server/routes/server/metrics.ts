import type { LiveQueryBroker } from "../../../live/live_query_broker.ts";
import { page } from "../../api/parts.ts";
import type { Call, Endpoint } from "../call.ts";

/** `GET /metrics`: what the server counts, and what there is at this moment. */
export const metrics: Endpoint<Call> = {
  answers: { 200: page("text format 0.0.4", "text/plain") },

  handle({ services: { metrics, pool, served, allLiveQueries } }) {
    const { active, waiting } = pool.load;
    const sum = (of: (queries: LiveQueryBroker) => number) => allLiveQueries().reduce((all, one) => all + of(one), 0);
    const { rss, heapUsed } = Deno.memoryUsage();
    const written = served.flatMap(({ name, tokens, writes }) =>
      tokens.flatMap((known) => known.all()).map(({ id, name: token }) =>
        [`{repository=${JSON.stringify(name)},token="${token}"}`, writes.usageOf(id)] as const
      )
    );
    const text = metrics.text({
      dbx_queries_active: [active, "Queries that are running."],
      dbx_queries_waiting: [waiting, "Queries that are waiting for a process."],
      dbx_live_followers: [sum((one) => one.followers), "Followers of live queries."],
      dbx_live_queries: [sum((one) => one.queries), "Distinct live queries."],
      process_resident_memory_bytes: [rss, "Resident memory."],
      dbx_heap_used_bytes: [heapUsed, "Heap of the main thread."],
    }, {
      dbx_token_written_bytes: ["Bytes that a token wrote.", written.map(([key, { bytes }]) => [key, bytes])],
      dbx_token_written_files: ["Files that a token created.", written.map(([key, { files }]) => [key, files])],
    });
    return new Response(text, {
      headers: { "content-type": "text/plain; version=0.0.4", "cache-control": "no-store" },
    });
  },
};
