const LATIN1 = new TextDecoder("latin1");

/** Bytes in which the head of an answer is looked for. */
const MAX_HEAD = 8 * 1024;

/** An answer that is not the last one, or says nothing of how long it is. */
const ODD = /^HTTP\/1\.1 1|\r\n(?:transfer-encoding|upgrade|connection:(?![\t ]*keep-alive[\t ]*\r))[\t ]*:?/i;

/** An answer that is a head alone. */
const NO_BODY = /^HTTP\/1\.1 (?:204|304) /;

/**
 * Follows a connection to the runtime's server as long as one plain head comes after another, each when the one before is
 * answered. Between them the server has nothing to say, so that somebody else may answer. What is not as simple as that
 * ends it for good.
 */
export class Dialogue {
  /** The head that is being answered. */
  head: string | undefined;
  /** Bytes of the answer that are still to come; undefined as long as none came. */
  #left: number | undefined;
  #isLost = false;

  /** Whether nothing is being answered. */
  get isBetween(): boolean {
    return this.head === undefined && !this.#isLost;
  }

  /** A request is passed on to the server: its head, if that is plain and all of it. */
  asked(head: string | undefined): void {
    if (!this.isBetween || head === undefined) return this.#lose();
    this.head = head;
  }

  /** The server has answered with these bytes, and the client has been sent them. */
  answered(piece: Uint8Array): void {
    if (this.#isLost) return;
    if (this.head === undefined) return this.#lose();
    const left = (this.#left ?? lengthOf(piece) ?? -1) - piece.length;
    if (left < 0) return this.#lose();
    this.#left = left;
    if (left > 0) return;
    this.head = this.#left = undefined;
  }

  #lose(): void {
    this.#isLost = true;
    this.head = undefined;
  }
}

/** The length of an answer, head and body, whose head is at the beginning of a piece; undefined where it says none. */
function lengthOf(piece: Uint8Array): number | undefined {
  const text = LATIN1.decode(piece.subarray(0, MAX_HEAD));
  const end = text.indexOf("\r\n\r\n") + 4;
  const head = text.slice(0, end);
  if (end < 4 || ODD.test(head)) return undefined;
  if (NO_BODY.test(head)) return end;
  const length = /\r\ncontent-length: (\d{1,15})\r\n/i.exec(head)?.[1];
  return length === undefined ? undefined : end + Number(length);
}
