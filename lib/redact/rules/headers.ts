import { byPattern, type Rule, sample } from "./rule.ts";
import { isPlaceholder } from "./secret_values.ts";

/** What programs send with requests, as they print it. */
export const HEADER_RULES: readonly Rule[] = [
  {
    name: "authorization",
    what: "what follows `Authorization:` or `Proxy-Authorization:`",
    source: "RFC 9110, section 11",
    anchors: ["authorization"],
    find: byPattern(
      /(?<before>authorization\\*["']?\s*[:=]\s*\\*["']?(?:(?:basic|bearer|token|digest|apikey|negotiate|aws4-hmac-sha256)\s+)?)(?<secret>[^\s"',;\\][^\s"'\\]{7,})/gi,
      (secret, match) =>
        !isPlaceholder(secret) &&
        (/\d/.test(secret) || /(?:basic|bearer|token)\s+$/i.test(match.groups?.before ?? "")) && !/[({]/.test(secret),
    ),
    catches: "Authorization: Basic dXNlcjpodW50ZXIy",
    leaves: "Authorization: required",
  },
  {
    name: "bearer",
    what: "what follows `Bearer`",
    source: "RFC 6750",
    anchors: ["bearer "],
    find: byPattern(
      /(?<before>bearer\s+)(?<secret>[\w.~+/=-]{10,})/gi,
      (secret) => /\d/.test(secret) && !isPlaceholder(secret),
    ),
    catches: `curl -H "X: Bearer ${sample(24)}"`,
    leaves: "Bearer authentication is needed",
  },
  {
    name: "cookie",
    what: "what follows `Cookie:` or `Set-Cookie:`",
    source: "RFC 6265",
    anchors: ["cookie:"],
    find: byPattern(/(?<before>cookie:\s*)(?<secret>[\w.-]+=[^"'\r\n]{6,})/gi),
    catches: `Set-Cookie: session=${sample(24)}; HttpOnly`,
    leaves: "cookie: none",
  },
];
