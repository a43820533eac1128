import { PROTOCOL, PROTOCOL_HEADER } from "../../protocol/version.ts";

/** Headers that every answer of a server has. */
export const COMMON_HEADERS: readonly [name: string, value: string][] = [
  [PROTOCOL_HEADER, PROTOCOL],
  ["x-content-type-options", "nosniff"],
  ["content-security-policy", "default-src 'none'; frame-ancestors 'none'"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-resource-policy", "same-origin"],
];
