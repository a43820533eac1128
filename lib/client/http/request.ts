import type { Target } from "../../protocol/route_table.ts";
import type { Message } from "./exchange.ts";

/** Bytes of JSON that are sent as they are; more are packed. */
const MIN_PACKED_BYTES = 1024;

/** What a request says. */
export interface RequestParts {
  /** A list is sent as several parameters of one name. */
  readonly search?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON, packed where that is worth it. */
  readonly json?: unknown;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request to a server, as it is sent. */
export async function encodeRequest(
  base: string,
  { method, path }: Target,
  { search = {}, json, body, headers }: RequestParts,
  token: string | undefined,
): Promise<Message> {
  const asked = new URL(base + path);
  for (const [name, value] of Object.entries(search)) {
    if (Array.isArray(value)) value.forEach((item) => asked.searchParams.append(name, item));
    else if (value !== undefined) asked.searchParams.set(name, String(value));
  }
  const sent = new Headers(headers);
  if (token !== undefined) sent.set("authorization", `Bearer ${token}`);
  let bytes = body;
  if (json !== undefined) {
    bytes = new TextEncoder().encode(JSON.stringify(json));
    sent.set("content-type", "application/json");
    if (bytes.length > MIN_PACKED_BYTES) {
      const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
      bytes = new Uint8Array(await new Response(packed).arrayBuffer());
      sent.set("content-encoding", "gzip");
    }
  }
  return { url: asked, method, headers: sent, body: bytes };
}
