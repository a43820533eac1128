import type { Access } from "../access/access.ts";
import { COMMON_HEADERS } from "../http/common_headers.ts";
import type { RequestContext } from "../listen/types.ts";
import type { Middleware } from "./middleware.ts";

/** Gives each answer the headers of all, unless it has its own. */
export async function setCommonHeaders(
  context: RequestContext,
  next: (context: RequestContext) => Promise<Response> | Response,
): Promise<Response> {
  const response = await next(context);
  for (const [name, value] of COMMON_HEADERS) if (!response.headers.has(name)) response.headers.set(name, value);
  return response;
}

/** Lets pages of the origins that the operator allowed read answers. */
export function allowCrossOrigin(access: Access): Middleware<RequestContext> {
  return async (context, next) => {
    const response = await next(context);
    const origin = access.crossOrigin(context.request);
    if (origin === undefined) return response;
    response.headers.set("access-control-allow-origin", origin);
    response.headers.append("vary", "origin");
    response.headers.set("cross-origin-resource-policy", "cross-origin");
    return response;
  };
}
