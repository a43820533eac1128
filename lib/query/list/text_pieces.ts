import { QueryError } from "../result/query_error.ts";

/**
 * A text composed of several parts that a user wrote, such as a condition and the names of columns. Trees count their
 * positions in the whole text; errors refer to the piece alone.
 */
export class TextPieces {
  readonly #pieces: string[] = [];
  #length = 0;

  /** Adds a piece, and says where in the whole text it begins. */
  add(piece: string): number {
    const start = this.#length;
    this.#pieces.push(piece);
    this.#length += piece.length + 1;
    return start;
  }

  get text(): string {
    return this.#pieces.join("\n");
  }

  /** An error that points into the whole text as one that points into the piece; anything else, such as one of those, as it is. */
  located(error: unknown): unknown {
    if (!(error instanceof QueryError) || error.position === undefined || error.sql !== this.text) return error;
    let start = 0;
    for (const piece of this.#pieces) {
      const end = start + piece.length;
      if (error.position <= end) return new QueryError(error.plainMessage, piece, error.position - start);
      start = end + 1;
    }
    return error;
  }
}
