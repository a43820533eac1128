import { concat } from "../base/bytes.ts";
import { hasDigest } from "../store/remote/integrity.ts";
import { garbled, Refusal } from "./refusal.ts";

/** What a request may send. */
export interface BodyLimits {
  /** Bytes, as they are sent and when they are unpacked. */
  readonly bytes: number;
  /** Milliseconds in which some further bytes must come. */
  readonly patience: number;
  /** Milliseconds in which all must have come. Default: 60 s, and a second more for each 16 KiB. */
  readonly whole?: number;
}

/** Milliseconds for a body of any length, and bytes that come in each further one at least. */
const WHOLE_MS = 60_000;
const SLOWEST = 16;

/**
 * The whole body of a request, unpacked. Refuses what is too long, too slow, packed in a way that is not offered, or does not
 * have the `Content-Digest` that the request names.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Uint8Array<ArrayBuffer>> {
  const told = Number(request.headers.get("content-length") ?? 0);
  if (told > limits.bytes) throw new Refusal(413, `a body of ${told} bytes; at most ${limits.bytes} are taken`);
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") {
    throw new Refusal(415, `the content encoding "${encoding}" is not known`);
  }
  const raw = request.body === null ? new Uint8Array() : await collect(request.body, limits);
  if (hasDigest(raw, request.headers.get("content-digest")) === false) throw garbled();
  if (encoding === "identity") return raw;
  try {
    // A stream, so that a small body that unpacks to a huge one is stopped at the limit.
    return await collect(new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip")), limits);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, "the body is not valid gzip");
  }
}

async function collect(
  stream: ReadableStream<Uint8Array>,
  { bytes, patience, whole }: BodyLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  const reader = stream.getReader();
  const start = performance.now();
  let total = 0;
  while (true) {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const left = start + (whole ?? WHOLE_MS + total / SLOWEST) - performance.now();
    const timer = setTimeout(
      () => reject(new Refusal(408, "the body comes too slowly", { connection: "close" })),
      Math.max(0, Math.min(patience, left)),
    );
    try {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return concat(pieces);
      total += value.length;
      if (total > bytes) throw new Refusal(413, `a body of more than ${bytes} bytes`);
      pieces.push(value);
    } catch (error) {
      reader.cancel().catch(() => {});
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
