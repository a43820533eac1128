import { gunzipSync, inflateRawSync } from "node:zlib";
import { type Bytes, fromVector, toDigits, toVector } from "./pieces.ts";

/** What happens to a message on its way: one bit of a byte of its body is flipped, or it ends before that byte. */
export interface Damage {
  readonly of: "request" | "answer";
  readonly does: "flip" | "cut";
  readonly at: number;
}

/** A frame as it can be read: its head, and its bytes, inflated. */
export type Frame = { readonly head: Readonly<Record<string, unknown>> } & Bytes;

/** The body of a message, and what it means where that cannot be seen. */
interface Content {
  readonly body?: Bytes;
  /** Of a body of frames. */
  readonly frames?: readonly Frame[];
  /** Of a body that is packed. */
  readonly unpacked?: Bytes;
}

/** A request, as it is sent. */
export interface WireRequest extends Content {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer, as it is sent. */
export interface WireAnswer extends Content {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request and its answer, as they were sent; `answer` is missing where the connection broke before. */
export interface Exchange {
  readonly request: WireRequest;
  readonly answer?: WireAnswer;
  readonly damage?: Damage;
  /** The answer is not that of a server that keeps the rules. */
  readonly isFalse?: true;
}

/** Headers that the protocol speaks of, and their media types. */
const HEADERS = /^(dbx-.*|content-(type|digest|encoding|range)|repr-digest|range|if-none-match|retry-after)$/;

function headersOf(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => HEADERS.test(name)).sort());
}

/** A request for a vector, and its bytes. */
export async function readRequest(request: Request): Promise<{ wire: WireRequest; bytes: Uint8Array<ArrayBuffer> }> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  const { pathname, search } = new URL(request.url);
  const headers = headersOf(request.headers);
  const isFrames = pathname.endsWith("/sync/take");
  const path = pathname + search;
  return { wire: { method: request.method, path, headers, ...contentOf(bytes, headers, isFrames) }, bytes };
}

/** An answer for a vector. */
export function wireAnswer(response: Response, path: string, bytes: Uint8Array): WireAnswer {
  const headers = headersOf(response.headers);
  const isFrames = path.endsWith("/sync/give") && response.ok;
  return { status: response.status, headers, ...contentOf(bytes, headers, isFrames) };
}

function contentOf(bytes: Uint8Array, headers: Record<string, string>, isFrames: boolean): Content {
  if (bytes.length === 0) return {};
  if (isFrames) return { body: toDigits(bytes), frames: framesOf(bytes) };
  const isPacked = headers["content-encoding"] === "gzip";
  return { body: toVector(bytes), ...(isPacked && { unpacked: toVector(gunzipSync(bytes)) }) };
}

/** The frames in a body, as far as they can be read. */
export function framesOf(bytes: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    const [head, length] = [view.getUint32(at), view.getUint32(at + 4)];
    const from = at + 8 + head;
    const json = JSON.parse(new TextDecoder().decode(bytes.subarray(at + 8, from)));
    const own = bytes.subarray(from, from + length);
    const plain = json.inflated === undefined ? own : inflateRawSync(own);
    frames.push({ head: json, ...(plain.length === 0 ? { text: "" } : toVector(plain)) });
    at = from + length + 4;
  }
  return frames;
}

/** A message as another implementation of DEFLATE could have sent it. */
export function comparable<T extends WireRequest | WireAnswer>(message: T): unknown {
  const { body, frames, unpacked, headers, ...rest } = message;
  const { "content-digest": _, ...others } = headers;
  if (unpacked !== undefined) return { ...rest, headers: others, unpacked: fromVector(unpacked).toHex() };
  if (frames === undefined || !frames.some(({ head }) => head.inflated !== undefined)) {
    return { ...rest, headers, body: fromVector(body).toHex() };
  }
  const plain = frames.filter(({ head }) => head.last !== true);
  return { ...rest, headers: others, frames: plain };
}

/** A request as a server gets it. What is cut ends with an error. */
export function requestOf({ method, path, headers, body }: WireRequest, damage?: Damage): Request {
  const bytes = fromVector(body);
  const init = { method, headers: { ...headers } };
  if (body === undefined) return new Request(`http://server${path}`, init);
  if (damage?.of !== "request") return new Request(`http://server${path}`, { ...init, body: bytes });
  if (damage.does === "flip") return new Request(`http://server${path}`, { ...init, body: flipped(bytes, damage.at) });
  const cut = ReadableStream.from((async function* () {
    yield await Promise.resolve(bytes.slice(0, damage.at));
    throw new TypeError("the connection broke");
  })());
  return new Request(`http://server${path}`, { ...init, body: cut });
}

/** An answer as a client gets it. */
export function answerOf({ status, headers, body }: WireAnswer, damage?: Damage): Response {
  const bytes = fromVector(body);
  const init = { status, headers: { ...headers } };
  if (body === undefined) return new Response(null, init);
  if (damage?.of !== "answer") return new Response(bytes, init);
  if (damage.does === "flip") return new Response(flipped(bytes, damage.at), init);
  return new Response(bytes.slice(0, damage.at), init);
}

function flipped(bytes: Uint8Array<ArrayBuffer>, at: number): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy[at] ^= 1;
  return copy;
}
