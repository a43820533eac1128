import { GarbledError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import type { FileChunk, FileIssue, WriteManyOptions, WriteReport } from "../../store/store.ts";
import type { HttpClient } from "../http/client.ts";
import { Outgoing } from "./outgoing.ts";

const KINDS = ["diverged", "retry", "damaged", "refused", "failed"] as const;

/** Bytes of an answer that accounts for one body. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const WHAT = "a report of what it took";

/** Sends parts of files, many at once. */
export async function sendFiles(
  client: HttpClient,
  parts: AsyncIterable<readonly FileChunk[]>,
  options: WriteManyOptions,
): Promise<WriteReport> {
  const { signal } = options;
  const outgoing = new Outgoing(
    (body, sent) => sendBody(client, body, sent, options),
    (error, tries) => client.retry.backOff(error, tries, { signal }),
  );
  for await (const batch of parts) {
    for (const part of batch) await outgoing.add(part);
    signal?.throwIfAborted();
  }
  return await outgoing.finish();
}

/** Sends one body of frames. The answer must account for every file in it. */
async function sendBody(
  client: HttpClient,
  body: Uint8Array<ArrayBuffer>,
  sent: readonly (readonly [string, number])[],
  { signal, tombstones }: WriteManyOptions,
): Promise<WriteReport> {
  const hasObjects = sent.some(([name]) => classifyPath(name) === "object");
  const search = { tombstones: hasObjects ? tombstones : undefined };
  const how = { body, search, signal, effort: "work", maxBytes: MAX_ANSWER_BYTES, retries: 0 } as const;
  const answer = await client.json("take", { ...how, what: WHAT, needsDigest: true });
  if (!Array.isArray(answer.setbacks)) throw client.protocolError(WHAT);
  const setbacks = (answer.setbacks as unknown[]).map((setback): FileIssue => {
    if (!isObject(setback) || typeof setback.name !== "string") throw client.protocolError(WHAT);
    const kind = KINDS.find((kind) => kind === setback.kind) ?? "failed";
    const { name, size } = setback;
    const there = Number.isSafeInteger(size) ? { size: size as number } : {};
    return { name, kind, message: String(setback.message).slice(0, 1000), ...there };
  });
  const named = new Set(setbacks.map(({ name }) => name));
  const ends: unknown[] = Array.isArray(answer.taken) ? answer.taken : [];
  for (const [at, [name, end]] of sent.entries()) {
    if (named.has(name) || ends[at] === end) continue;
    throw new GarbledError(
      `Cannot send "${name}" to ${client.location}: it did not confirm that it received the file; try again`,
    );
  }
  return { files: Number(answer.files) || 0, bytes: Number(answer.bytes) || 0, setbacks };
}
