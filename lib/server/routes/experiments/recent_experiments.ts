import { LruCache } from "../../../base/lru_cache.ts";
import type { Access } from "../../access/access.ts";
import { COMMON_HEADERS } from "../../http/common_headers.ts";
import type { Kept, ResponseCache } from "../../http/response_cache.ts";
import type { Metrics } from "../../http/metrics.ts";
import type { Given, QuickAnswer } from "../../listen/types.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../../protocol/version.ts";

/** So many are remembered. */
const MAX_EXPERIMENTS = 4096;

/** Longer answers are packed for those who want that. */
const MAX_TEXT = 16 * 1024;

/** Headers of short answers. */
const HEADERS: readonly [string, string][] = [
  ["content-type", "application/json"],
  ["cache-control", "no-cache, no-transform"],
  ["vary", "accept-encoding"],
  ...COMMON_HEADERS,
];

/** An experiment that was asked for. */
class Recent implements QuickAnswer {
  #kept: Kept | undefined;
  #given: Given | undefined;

  constructor(
    readonly access: Access,
    readonly metrics: Metrics,
    readonly responses: ResponseCache,
    readonly key: string,
  ) {}

  current(): Given | undefined {
    const kept = this.access.asksForTokens ? undefined : this.responses.recent(this.key, performance.now());
    if (kept === undefined || kept.text.length > MAX_TEXT) return undefined;
    this.metrics.quick++;
    if (kept !== this.#kept) {
      this.#kept = kept;
      this.#given = { text: kept.text, headers: [...HEADERS, ["etag", kept.etag]] };
    }
    return this.#given;
  }
}

/** Experiments that were asked for lately, by the whole URL: the same client gets the same answer at once. */
export class RecentExperiments {
  readonly #known = new LruCache<string, Recent>(MAX_EXPERIMENTS);

  constructor(readonly access: Access, readonly metrics: Metrics) {}

  /** Has an experiment, whose answer is remembered by a key, answered at once, as long as it stays as it is. */
  remember(url: string, responses: ResponseCache, key: string): void {
    if (!this.#known.has(url)) this.#known.set(url, new Recent(this.access, this.metrics, responses, key));
  }

  /** What answers a small question that was asked just now, where nothing has to be decided about who asks. */
  answer(request: Request): QuickAnswer | undefined {
    if (request.method !== "GET") return undefined;
    const known = this.#known.get(request.url);
    if (known === undefined) return undefined;
    const { headers } = request;
    if (headers.get("origin") !== null || headers.get("if-none-match") !== null) return undefined;
    if (headers.get("sec-fetch-site") !== null) return undefined;
    if ((headers.get(PROTOCOL_HEADER) ?? PROTOCOL) !== PROTOCOL) return undefined;
    return known;
  }
}
