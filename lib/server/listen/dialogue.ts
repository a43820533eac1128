const LATIN1 = new TextDecoder("latin1");

/** Bytes in which the head of an answer is looked for. */
const MAX_HEAD = 4 * 1024;

/** Headers of an answer that is not as long as another one says, or the last on its connection. The runtime writes small letters. */
const ODD = ["\r\ntransfer-encoding: ", "\r\nupgrade: ", "\r\nconnection: close"];
const LENGTH = "\r\ncontent-length: ";

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
  const text = LATIN1.decode(piece.length > MAX_HEAD ? piece.subarray(0, MAX_HEAD) : piece);
  const end = text.indexOf("\r\n\r\n") + 4;
  const status = text.slice(9, 12);
  if (end < 4 || status < "200") return undefined;
  const head = text.slice(0, end);
  if (ODD.some((header) => head.includes(header))) return undefined;
  if (status === "204" || status === "304") return end;
  const at = head.indexOf(LENGTH);
  return at < 0 ? undefined : end + Number(head.slice(at + LENGTH.length, head.indexOf("\r\n", at + 2)));
}
