// How a server and a query process talk over a pipe: the length of a JSON text, the length of the bytes that follow it, then
// both. Bytes within the text are written as cells of answers are.
import { concat } from "../../base/bytes.ts";

const HEAD = 8;
/** Bytes of the JSON text and of the bytes behind it; a peer that announces more is not one of ours. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** One message, with bytes that go along. */
export interface Frame {
  readonly json: unknown;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The bytes of a message. */
export function encodeFrame(json: unknown, bytes: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const frame = new Uint8Array(HEAD + text.length + bytes.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, text.length);
  view.setUint32(4, bytes.length);
  frame.set(text, HEAD);
  frame.set(bytes, HEAD + text.length);
  return frame;
}

/** Takes pieces of a stream and gives the messages in it. */
export class FrameReader {
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;

  /** The messages that are whole by now. Throws `RangeError` where a length cannot be. */
  *add(piece: Uint8Array<ArrayBuffer>): Generator<Frame> {
    this.#pieces.push(piece);
    this.#length += piece.length;
    while (this.#length >= HEAD) {
      const head = this.#pieces[0].length >= HEAD ? this.#pieces[0] : this.#whole();
      const view = new DataView(head.buffer, head.byteOffset, HEAD);
      const [text, bytes] = [view.getUint32(0), view.getUint32(4)];
      if (text > MAX_MESSAGE_BYTES || bytes > MAX_MESSAGE_BYTES) throw new RangeError("a message that is too long");
      const end = HEAD + text + bytes;
      if (this.#length < end) return;
      const all = this.#whole();
      this.#pieces = all.length > end ? [all.subarray(end)] : [];
      this.#length = all.length - end;
      const json: unknown = JSON.parse(new TextDecoder().decode(all.subarray(HEAD, HEAD + text)));
      yield { json, bytes: all.slice(HEAD + text, end) };
    }
  }

  #whole(): Uint8Array<ArrayBuffer> {
    const all = this.#pieces.length === 1 ? this.#pieces[0] : concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }
}
