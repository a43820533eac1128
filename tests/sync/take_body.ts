// Bodies of sync/take, as a peer sends them.
import { createHash } from "node:crypto";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import type { LocalStore } from "../../lib/store/local/local_store.ts";
import { bodyOf, frame } from "../../lib/protocol/frames.ts";

export const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The name of the object that holds a text. */
export function objectOf(text: string): string {
  return `objects/${sha256(text).slice(0, 2)}/${sha256(text)}`;
}

/** One frame of a file: by default all of it. */
export interface Sent {
  readonly name: string;
  readonly text: string;
  readonly offset?: number;
  readonly size?: number;
  readonly end?: boolean;
  readonly error?: string;
  readonly sha256?: string;
}

/** A body of these frames, and the last one. */
export function bodyWith(sent: readonly Sent[]): Uint8Array<ArrayBuffer> {
  return bodyOf(
    sent.map(({ name, text, offset = 0, size = offset + text.length, end = true, ...more }) =>
      frame(JSON.stringify({ name, offset, size, ...(end && { end }), ...more }), encode(text))
    ),
  );
}

/** What a server answers to a body. */
export async function take(store: LocalStore, body: Uint8Array<ArrayBuffer>) {
  const request = new Request("http://h/api/v1/sync/take", {
    method: "POST",
    headers: { "dbx-protocol": "1" },
    body,
  });
  const response = await storeRoutes(store)(request);
  return { status: response.status, ...await response.json() };
}
