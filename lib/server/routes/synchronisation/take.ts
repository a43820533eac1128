import { DamageError, GarbledError } from "../../../base/errors.ts";
import { purgedId, purgedIn } from "../../../format/layout/tombstone.ts";
import { decodeParts } from "../../../protocol/frames.ts";
import { GONE } from "../../../store/local/purge/tombstones.ts";
import type { FileChunk, FileIssue, WriteReport } from "../../../store/store.ts";
import { beginningOf } from "../../api/body.ts";
import { BYTES, json, MIB, VERSION, whole } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import { HttpError } from "../../http/http_error.ts";
import { countOf } from "../../http/query_string.ts";
import type { Beginning } from "../../http/read_body.ts";
import { digestedJson } from "../../http/responses.ts";
import type { Endpoint, StoreCall } from "../call.ts";
import { guardOf, inTurn } from "./store_call.ts";

/** Bytes of all parts of one body when they are inflated. */
const INFLATED = 64 * 1024 * 1024;

/** `POST /api/v1/sync/take` */
export const take: Endpoint<StoreCall> = {
  parameters: [
    VERSION,
    whole("tombstones", "number of tombstones in the inventory that the selection of files is based on"),
  ],
  body: { type: BYTES, help: "frames: see SYNC.md", bytes: 16 * MIB },
  answers: { 200: json("a report of what was taken", named("Taken")) },
  errors: [409, 422, 507],

  handle: (call) =>
    inTurn(call, async () => {
      const { files: { bulk }, client, gone } = call;
      const body = await beginningOf(call);
      return digestedJson(
        body.cut === undefined
          ? await bulk.take(client, gone, () => takeParts(call, body))
          : await bulk.takeCut(client, () => takeParts({ ...call, gone: undefined }, body)),
      );
    }),
};

/**
 * What was taken, and of each file of the body, in the order in which they begin, up to which byte; null: an issue
 * reports it.
 */
type TakenAnswer = Pick<WriteReport, "files" | "bytes" | "setbacks"> & {
  readonly taken: readonly (number | null)[];
};

/** Of a body that does not come to its end, the whole frames are taken: who sends the rest later goes on from there. */
async function takeParts(call: StoreCall, body: Beginning): Promise<TakenAnswer> {
  const { files: { store, options }, url, gone } = call;
  const { hide = (message) => message } = options;
  const tombstones = countOf(url.searchParams, "tombstones");
  const all = await allParts(body);
  let taken: WriteReport;
  try {
    taken = await store.writeMany(ReadableStream.from(all), { guard: guardOf(call), signal: gone, tombstones });
  } finally {
    // Some of it may be there, though not all could be taken.
    options.onChange?.();
    await options.writes?.sync();
  }
  if (body.cut !== undefined) throw body.cut;
  const ends = new Map<string, number>();
  for (const { name, offset, bytes } of all.flat()) ends.set(name, offset + bytes.length);
  const setbacks = [...taken.setbacks, ...purgedAgain([...ends.keys()], taken.setbacks)]
    .map((setback) => ({ ...setback, message: hide(setback.message) }));
  const lost = new Set(setbacks.map(({ name }) => name));
  const { files, bytes } = taken;
  return { files, bytes, setbacks, taken: Array.from(ends, ([name, end]) => (lost.has(name) ? null : end)) };
}

/** Files of a body that went again with a tombstone that came behind them. */
function purgedAgain(names: readonly string[], setbacks: readonly FileIssue[]): FileIssue[] {
  const lost = new Set(setbacks.map(({ name }) => name));
  const there = names.filter((name) => !lost.has(name));
  const ids = new Set(there.map(purgedId));
  ids.delete(undefined);
  if (ids.size === 0) return [];
  return there.filter((name) => purgedIn(name, (id) => ids.has(id)) !== undefined)
    .map((name) => ({ name, kind: "refused", message: GONE }));
}

/** All parts of a body are read before the first one is taken: of a whole body with a fault nothing is. */
async function allParts({ bytes, cut }: Beginning): Promise<(readonly FileChunk[])[]> {
  const parts: (readonly FileChunk[])[] = [];
  try {
    const frames = decodeParts(ReadableStream.from([bytes]), { who: "the client", limit: INFLATED });
    for await (const batch of frames) parts.push(batch);
  } catch (error) {
    // Nothing is taken of a body that violates the protocol, but a body that was cut off naturally has no end.
    if (error instanceof DamageError && !(error instanceof GarbledError)) throw new HttpError(400, error.message);
    if (cut === undefined) throw error;
  }
  return parts;
}
