import { createHash } from "node:crypto";
import { isObject } from "../../base/json.ts";
import { routeTo } from "../../protocol/route_table.ts";
import type { HttpClient } from "../../client/http/client.ts";
import type { Run } from "../../repo/experiments/run.ts";
import type { StoredObject } from "../../store/local/objects.ts";

/** Bytes of one part. */
const PART = 4 * 1024 * 1024;

/** Parts that are sent again from an earlier byte, or another file in the place of this one, before it is given up. */
const MAX_SETBACKS = 20;

/** Bytes that are hashed at once. */
const PIECE = 1024 * 1024;

/**
 * Sends a file of this machine to a server, which keeps it as an object. What has arrived of it before is not sent again. The memory
 * that it takes is that of one part.
 */
export async function sendFile(
  client: HttpClient,
  path: string,
  { signal, onBytes }: { readonly signal: AbortSignal; readonly onBytes: (count: number) => void },
): Promise<StoredObject> {
  using file = await Deno.open(path);
  const { sha256, size } = await hashOf(file, signal);
  const target = { sha256 };
  const head = await client.send({ ...routeTo("head_object", target) }, { effort: "quick", signal });
  await head.body?.cancel();
  if (head.ok) return { sha256, size };
  if (head.status !== 404) throw await client.errorOf(head);
  let at = Math.min(size, Number(head.headers.get("dbx-partial") ?? 0));
  onBytes(at);
  const buffer = new Uint8Array(PART);
  for (let setbacks = 0;;) {
    signal.throwIfAborted();
    file.seekSync(at, Deno.SeekMode.Start);
    const body = buffer.subarray(0, await fill(file, buffer.subarray(0, Math.min(PART, size - at))));
    const search = { offset: at, size };
    const response = await client.send(routeTo("send_object", target), { body, search, effort: "work", signal });
    if (response.ok) {
      const json: unknown = await response.json();
      if (!isObject(json) || typeof json.size !== "number") throw client.protocolError("an upload");
      onBytes(json.size - at);
      if (json.done === true) return { sha256, size };
      at = json.size;
      continue;
    }
    // 416: less of it is there than was believed; 422: what is there is not this file.
    if (![416, 422].includes(response.status) || ++setbacks > MAX_SETBACKS) throw await client.errorOf(response);
    const { size: there } = await response.json() as { readonly size?: unknown };
    const next = typeof there === "number" && there < at ? there : 0;
    onBytes(next - at);
    at = next;
  }
}

/** Adds a line to a log of a run on a server. */
export async function addLine(client: HttpClient, run: Run, log: string, line: string): Promise<void> {
  const route = routeTo("add_to_log", { run: `${run.experiment.id}/${run.id}`, log });
  await client.done(route, { body: new TextEncoder().encode(line), retries: 0 });
}

async function hashOf(file: Deno.FsFile, signal: AbortSignal): Promise<StoredObject> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(PIECE);
  let size = 0;
  for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
    signal.throwIfAborted();
    hash.update(buffer.subarray(0, count));
    size += count;
  }
  return { sha256: hash.digest("hex"), size };
}

/** Reads as much as there is room for. */
async function fill(file: Deno.FsFile, room: Uint8Array): Promise<number> {
  let at = 0;
  while (at < room.length) {
    const count = await file.read(room.subarray(at));
    if (count === null) break;
    at += count;
  }
  return at;
}
