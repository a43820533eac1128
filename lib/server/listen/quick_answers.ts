import { concat } from "../../base/bytes.ts";
import { LruCache } from "../../base/lru_cache.ts";
import type { Given, QuickAnswer } from "./types.ts";

/** So many heads are remembered, and so long ones. */
const MAX_HEADS = 1024;
const MAX_HEAD = 2048;

/** A head that asks for something, by itself, and lets the connection be. */
const PLAIN_HEAD = /^GET [\x21-\x7e]+ HTTP\/1\.1\r\n(?:[\w-]+:[\t\x20-\x7e]*\r\n)+\r\n$/;

/** Headers by which more belongs to a request than its head, or by which the connection changes. */
const MORE = /\r\n(?:content-length|transfer-encoding|expect|upgrade|connection:(?![\t ]*keep-alive[\t ]*\r))[\t ]*:?/i;

/** Whether a text is a whole head, after which nothing else belongs to the request. */
export function isPlainHead(text: string): boolean {
  return PLAIN_HEAD.test(text) && !MORE.test(text);
}

/** A piece as a text in which each byte is a letter of its own; undefined where it is long. */
export function textOf(piece: Uint8Array): string | undefined {
  return piece.length <= MAX_HEAD ? LATIN1.decode(piece) : undefined;
}

const LATIN1 = new TextDecoder("latin1");
const encoder = new TextEncoder();

/** What a head is answered by. */
interface Known {
  readonly answer: QuickAnswer;
  /** Of what it asks for. */
  readonly path: string;
  /** The answer as it was last, the second that its date says, and all of it as it is written. */
  given?: Given;
  second?: number;
  bytes?: Uint8Array;
}

/**
 * Answers that are given again where the same head comes again, without a look at what it says: the runtime's server has read
 * it the first time.
 */
export class QuickAnswers {
  readonly #known = new LruCache<string, Known>(MAX_HEADS);

  /** `onGiven`: called for each answer that is given. */
  constructor(readonly onGiven: (path: string, address: string) => void = () => {}) {}

  /** Has a head answered by what has just been the answer to it. */
  learn(head: string, answer: QuickAnswer, path: string): void {
    this.#known.set(head, { answer, path });
  }

  /** The bytes that answer a head that came from an address, if they are known to be true. */
  to(head: string, address: string): Uint8Array | undefined {
    const known = this.#known.get(head);
    const given = known?.answer.current();
    if (known === undefined || given === undefined) return undefined;
    this.onGiven(known.path, address);
    const second = Math.floor(Date.now() / 1000);
    if (known.bytes === undefined || known.given !== given || known.second !== second) {
      known.bytes = bytesOf(given, second);
      known.given = given;
      known.second = second;
    }
    return known.bytes;
  }
}

function bytesOf({ headers, text }: Given, second: number): Uint8Array {
  const body = encoder.encode(text);
  const lines = [
    "HTTP/1.1 200 OK",
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
    `date: ${new Date(second * 1000).toUTCString()}`,
  ];
  return concat([encoder.encode(lines.join("\r\n") + "\r\n\r\n"), body]);
}
