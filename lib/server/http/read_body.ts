import { concat } from "../../base/bytes.ts";
import { hasDigest } from "../../protocol/integrity.ts";
import type { Incoming } from "./incoming.ts";
import { garbled, HttpError } from "./http_error.ts";

/** What a request may send. */
export interface BodyLimits {
  /** Bytes, as they are sent and when they are unpacked. */
  readonly bytes: number;
  /** Milliseconds in which some further bytes must come. */
  readonly idleTimeoutMs: number;
  /** Milliseconds in which all must have come. Default: 60 s, and a second more for each 16 KiB. */
  readonly totalTimeoutMs?: number;
}

/** Milliseconds for a body of any length, and bytes that come in each further one at least. */
const WHOLE_MS = 60_000;
const SLOWEST = 16;

/** As much of a body as came. */
export interface Beginning {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Why the rest did not arrive; undefined: the body is complete. */
  readonly cut?: unknown;
}

/**
 * The whole body of a request, unpacked. Refuses what is too long, too slow, packed in a way that is not offered, or does not
 * have the `Content-Digest` that the request names.
 */
export async function readBody(request: Incoming, limits: BodyLimits): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes, cut } = await readBeginning(request, limits);
  if (cut !== undefined) throw cut;
  return bytes;
}

/** The same, but of a body that does not come to its end, what came of it: for those whose parts have checksums of their own. */
export async function readBeginning(request: Incoming, limits: BodyLimits): Promise<Beginning> {
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length > limits.bytes) {
    throw new HttpError(413, `a body of ${length} bytes is too long; at most ${limits.bytes} are accepted`);
  }
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") {
    throw new HttpError(415, `the content encoding "${encoding}" is not supported`);
  }
  const { bytes, cut } = request.body === null
    ? { bytes: new Uint8Array(), cut: undefined }
    : await collect(request.body, limits);
  // The client left, or sent malformed chunks.
  const raw = { bytes, cut: cut === undefined ? undefined : refusalFor(cut, "the body was cut off") };
  const digest = request.headers.get("content-digest");
  if (raw.cut === undefined && hasDigest(raw.bytes, digest) === false) throw garbled();
  if (encoding === "identity") return raw;
  // A stream, so that a small body that unpacks to a huge one is stopped at the limit.
  const unpacked = await collect(new Blob([raw.bytes]).stream().pipeThrough(new DecompressionStream("gzip")), limits);
  if (raw.cut !== undefined) return { bytes: unpacked.bytes, cut: raw.cut };
  if (unpacked.cut === undefined) return unpacked;
  throw refusalFor(unpacked.cut, "the body is not valid gzip");
}

function refusalFor(cut: unknown, message: string): HttpError {
  return cut instanceof HttpError ? cut : new HttpError(400, message, { connection: "close" });
}

/** Refuses what is too long; all else that is wrong is said beside what came before it. */
async function collect(
  stream: ReadableStream<Uint8Array>,
  { bytes, idleTimeoutMs, totalTimeoutMs }: BodyLimits,
): Promise<Beginning> {
  const pieces: Uint8Array[] = [];
  const reader = stream.getReader();
  const start = performance.now();
  let total = 0;
  while (true) {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const left = start + (totalTimeoutMs ?? WHOLE_MS + total / SLOWEST) - performance.now();
    const timer = setTimeout(
      () => reject(new HttpError(408, "the body arrives too slowly", { connection: "close" })),
      Math.max(0, Math.min(idleTimeoutMs, left)),
    );
    try {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return { bytes: concat(pieces) };
      total += value.length;
      if (total <= bytes) pieces.push(value);
    } catch (cut) {
      reader.cancel().catch(() => {});
      return { bytes: concat(pieces), cut };
    } finally {
      clearTimeout(timer);
    }
    if (total <= bytes) continue;
    reader.cancel().catch(() => {});
    throw new HttpError(413, `a body of more than ${bytes} bytes`);
  }
}
