import type { JsonObject } from "../../base/json.ts";
import { VERSION } from "../../base/version.ts";
import type { LiveQueryBroker } from "../../live/live_query_broker.ts";
import type { Access } from "../access/access.ts";
import type { Grant } from "../access/grants.ts";
import type { Metrics } from "./metrics.ts";
import type { QueryPool } from "../pool/query_pool.ts";
import type { ServedRepository } from "../repository/served_repository.ts";

/** What a server tells of itself: the repositories that a token opens, and what it may do. */
export async function aboutServer(
  served: readonly ServedRepository[],
  access: Access,
  asked: ServedRepository,
  { role, name, token }: Grant,
): Promise<JsonObject> {
  // Those that the token opens, and no others.
  const opened = served.filter((one) => token === "" || access.grantOf(token, one.tokens) !== undefined);
  return {
    dbx: VERSION,
    role,
    ...(name !== undefined && { token: name }),
    repository: await aboutOne(asked),
    repositories: await Promise.all(opened.map(aboutOne)),
  };
}

async function aboutOne(served: ServedRepository): Promise<JsonObject> {
  const repository = await served.repository().catch(() => undefined);
  return {
    name: served.name,
    at: `/repos/${encodeURIComponent(served.name)}/api/v1`,
    ...(repository?.id !== undefined && { id: repository.id }),
    ...(repository !== undefined && { version: repository.version }),
    readOnly: served.readOnly,
  };
}

/** What a server counts, and what there is at this moment, for Prometheus. */
export function metricsAnswer(
  metrics: Metrics,
  pool: QueryPool,
  hubs: readonly LiveQueryBroker[],
  served: readonly ServedRepository[],
): Response {
  const { active, waiting } = pool.load;
  const sum = (of: (hub: LiveQueryBroker) => number) => hubs.reduce((all, hub) => all + of(hub), 0);
  const { rss, heapUsed } = Deno.memoryUsage();
  const written = served.flatMap(({ name, tokens, writes }) =>
    tokens.flatMap((known) => known.all()).map(({ id, name: token }) =>
      [`{repository=${JSON.stringify(name)},token="${token}"}`, writes.usageOf(id)] as const
    )
  );
  const text = metrics.text({
    dbx_queries_active: [active, "Queries that are running."],
    dbx_queries_waiting: [waiting, "Queries that are waiting for a process."],
    dbx_live_followers: [sum((hub) => hub.followers), "Followers of live queries."],
    dbx_live_queries: [sum((hub) => hub.queries), "Distinct live queries."],
    process_resident_memory_bytes: [rss, "Resident memory."],
    dbx_heap_used_bytes: [heapUsed, "Heap of the main thread."],
  }, {
    dbx_token_written_bytes: ["Bytes that a token wrote.", written.map(([key, { bytes }]) => [key, bytes])],
    dbx_token_written_files: ["Files that a token created.", written.map(([key, { files }]) => [key, files])],
  });
  return new Response(text, {
    headers: { "content-type": "text/plain; version=0.0.4", "cache-control": "no-store" },
  });
}
