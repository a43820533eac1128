import { PROTOCOL, PROTOCOL_HEADER } from "../../protocol/version.ts";
import type { Access } from "../access/access.ts";
import type { RequestContext } from "../listen/types.ts";
import type { Middleware } from "./middleware.ts";

/** Headers that every answer of a server has. */
const COMMON: readonly (readonly [name: string, value: string])[] = [
  [PROTOCOL_HEADER, PROTOCOL],
  ["x-content-type-options", "nosniff"],
  ["content-security-policy", "default-src 'none'; frame-ancestors 'none'"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-resource-policy", "same-origin"],
];

/** Gives each answer the headers of all, unless it has its own. */
export async function setCommonHeaders(
  context: RequestContext,
  next: (context: RequestContext) => Promise<Response> | Response,
): Promise<Response> {
  const response = await next(context);
  for (const [name, value] of COMMON) if (!response.headers.has(name)) response.headers.set(name, value);
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
