import { createHash } from "node:crypto";
// The package has no types, and a URL import of the library has no import map.
// deno-lint-ignore no-import-prefix
import { acceptsEncodings } from "npm:deno-std@1.4.0/http/negotiation.js";
import type { Incoming } from "./incoming.ts";
import { contentDigest } from "../../protocol/integrity.ts";

/** Texts of fewer bytes are not worth compressing. */
const SMALL = 1024;

/** How an answer is written. */
export interface AnswerOptions {
  readonly type?: string;
  readonly status?: number;
  /** Made of the text where it is not given. */
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** JSON with its digest, for programs that compare it. Nothing on the way may pack it, which would change its bytes. */
export function digestedJson(json: unknown): Response {
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-store, no-transform",
    "content-digest": contentDigest(bytes),
  };
  return new Response(bytes, { headers });
}

/** A text with an ETag, compressed where that helps; 304 where the client has it. */
export async function textAnswer(request: Incoming, text: string, options: AnswerOptions = {}): Promise<Response> {
  const etag = options.etag ?? etagOf(text);
  const headers: Record<string, string> = {
    "content-type": options.type ?? "application/json",
    "cache-control": "no-cache",
    "etag": etag,
    "vary": "accept-encoding",
    ...options.headers,
  };
  if (isFresh(request, etag)) return new Response(null, { status: 304, headers });
  const status = options.status ?? 200;
  if (request.method === "HEAD") return new Response(null, { status, headers });
  if (text.length < SMALL || !takesGzip(request)) {
    const bytes = new TextEncoder().encode(text);
    headers["content-digest"] = contentDigest(bytes);
    headers["cache-control"] += ", no-transform";
    return new Response(bytes, { status, headers });
  }
  headers["content-encoding"] = "gzip"; // Which has a checksum of its own.
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(await new Response(packed).arrayBuffer(), { status, headers });
}

/** JSON with an ETag. */
export function jsonAnswer(request: Incoming, json: unknown, options: AnswerOptions = {}): Promise<Response> {
  return textAnswer(request, JSON.stringify(json) + "\n", options);
}

/** A stream, compressed where the client takes that. */
export function streamAnswer(
  request: Incoming,
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  type: string,
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers: Record<string, string> = { "content-type": type, "cache-control": "no-store", ...more };
  if (!takesGzip(request)) return new Response(stream, { headers });
  headers["content-encoding"] = "gzip";
  return new Response(stream.pipeThrough(new CompressionStream("gzip")), { headers });
}

/** Whether the client takes gzip, and likes nothing better. One that says nothing may not know it. */
export function takesGzip(request: Incoming): boolean {
  if ((request.headers.get("accept-encoding") ?? "") === "") return false;
  return acceptsEncodings(request, "gzip", "identity") === "gzip";
}

/** A tag that differs where the text does. */
export function etagOf(text: string): string {
  return `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}

/** Whether the client says that it has what a tag stands for: weak or not, in a list or alone. A tag may hold commas. */
export function isFresh(request: Incoming, etag: string): boolean {
  const known = request.headers.get("if-none-match");
  return known !== null && (known.trim() === "*" || known.match(/"[^"]*"/g)?.includes(etag) === true);
}
