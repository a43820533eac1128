import type { Metrics } from "../http/metrics.ts";
import type { RequestContext } from "../listen/types.ts";
import type { Middleware } from "./middleware.ts";

/** Counts each request, and the time until its answer begins. */
export function countRequests(metrics: Metrics): Middleware<RequestContext> {
  return async (context, next) => {
    const start = performance.now();
    const response = await next(context);
    metrics.request(context.request.method, response.status, performance.now() - start);
    return response;
  };
}
