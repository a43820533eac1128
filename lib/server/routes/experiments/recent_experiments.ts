import { LruCache } from "../../../base/lru_cache.ts";
import type { Access } from "../../access/access.ts";
import type { ResponseCache } from "../../http/response_cache.ts";
import type { Metrics } from "../../http/metrics.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../../protocol/version.ts";

/** An experiment that was asked for, and the headers of the answer, which hardly ever change. */
interface Recent {
  readonly responses: ResponseCache;
  readonly key: string;
  headers: [string, string][];
  etag: string;
}

/** So many are remembered. */
const MAX_EXPERIMENTS = 4096;

/** Headers of JSON that a browser does not show. */
const HEADERS: readonly [string, string][] = [
  ["content-type", "application/json"],
  ["cache-control", "no-cache"],
  ["x-content-type-options", "nosniff"],
  [PROTOCOL_HEADER, PROTOCOL],
];

/** Experiments that were asked for lately, by the whole URL: the same client gets the same answer at once. */
export class RecentExperiments {
  readonly #known = new LruCache<string, Recent>(MAX_EXPERIMENTS);

  constructor(readonly access: Access, readonly metrics: Metrics) {}

  /** Has an experiment, whose answer is remembered by a key, answered at once, as long as it stays as it is. */
  remember(url: string, responses: ResponseCache, key: string): void {
    if (!this.#known.has(url)) this.#known.set(url, { responses, key, headers: [], etag: "" });
  }

  /** The answer to a small question that was answered just now, where nothing has to be decided about who asks. */
  answer(request: Request): Response | undefined {
    if (request.method !== "GET") return undefined;
    const known = this.#known.get(request.url);
    if (known === undefined || this.access.asksForTokens) return undefined;
    const { headers } = request;
    if (headers.get("origin") !== null || headers.get("if-none-match") !== null) return undefined;
    if (headers.get("sec-fetch-site") !== null) return undefined;
    if ((headers.get(PROTOCOL_HEADER) ?? PROTOCOL) !== PROTOCOL) return undefined;
    const kept = known.responses.recent(known.key, performance.now());
    if (kept === undefined) return undefined;
    this.metrics.quick++;
    if (known.etag !== kept.etag) {
      known.etag = kept.etag;
      known.headers = [...HEADERS, ["etag", kept.etag]];
    }
    return new Response(kept.text, { headers: known.headers });
  }
}
