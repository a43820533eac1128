import { DamageError, UnreachableError } from "../base/errors.ts";
import { TextLines } from "../base/lines/text_lines.ts";
import { isObject, type Json } from "../base/json.ts";
import type { QueryResult, QueryValue } from "../query/result/answer.ts";
import { cellFromJson } from "../protocol/cells.ts";
import { errorFromJson } from "../protocol/error_json.ts";
import { RowIterator } from "../query/result/row_iterator.ts";
import type { HttpClient } from "./http/client.ts";

/** Characters of one row. */
const MAX_LINE_LENGTH = 128 * 1024 * 1024;

/** An answer that a server sends, a row in a line, in the format `rows` of its interface. */
export class RemoteResult implements QueryResult {
  readonly columns: readonly string[];
  /** What was left out there: lines that are not events, and damaged definitions. Known at the end. */
  badLines = 0;
  problems = 0;
  readonly #explanation: string;
  #isOver = false;

  private constructor(
    readonly client: HttpClient,
    readonly lines: AsyncGenerator<string[], void>,
    /** What came with the head. */
    readonly first: readonly string[],
    head: Record<string, unknown>,
  ) {
    this.columns = (head.columns as unknown[]).map(String);
    this.#explanation = String(head.explain ?? "");
  }

  /** Reads the head of an answer. */
  static async open(client: HttpClient, response: Response): Promise<RemoteResult> {
    const lines = linesOf(response.body ?? new Blob([]).stream(), client);
    const { value, done } = await lines.next();
    if (done) throw cutOff(client);
    const [line, ...first] = value;
    const head = client.parse(line);
    if (!isObject(head) || !Array.isArray(head.columns)) throw client.protocolError();
    return new RemoteResult(client, lines, first, head);
  }

  [Symbol.asyncIterator](): AsyncIterator<QueryValue[]> {
    return new RowIterator(this.chunks());
  }

  async *chunks(): AsyncGenerator<QueryValue[][]> {
    try {
      let count = 0;
      for (let lines = this.first;;) {
        const rows = this.#rowsOf(lines, count);
        count += rows.length;
        if (rows.length > 0) yield rows;
        const { value, done } = await this.lines.next();
        if (done) break;
        lines = value;
      }
      if (!this.#isOver) throw cutOff(this.client);
    } finally {
      this[Symbol.dispose]();
    }
  }

  #rowsOf(lines: readonly string[], before: number): QueryValue[][] {
    const rows: QueryValue[][] = [];
    for (const line of lines) {
      const json = this.client.parse(line);
      if (this.#isOver) throw this.client.protocolError();
      if (Array.isArray(json)) {
        if (json.length !== this.columns.length) throw this.client.protocolError();
        rows.push(json.map((cell) => cellFromJson(cell as Json)));
        continue;
      }
      if (!isObject(json)) throw this.client.protocolError();
      if (json.error !== undefined) throw errorFromJson(json, `${this.client.base} failed`);
      if (json.end !== before + rows.length) throw this.client.protocolError();
      this.badLines = Number(json.badLines) || 0;
      this.problems = Number(json.problems) || 0;
      this.#isOver = true;
    }
    return rows;
  }

  /** What the server says of it is indented: no line of it can be taken for one of dbx. */
  explain(): string {
    return `answered by ${this.client.base}\n${this.#explanation.trimEnd().replace(/^/gm, "  ")}`;
  }

  [Symbol.dispose](): void {
    this.lines.return().catch(() => {});
  }
}

/** Whole lines in arrays, none of them empty. */
async function* linesOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  client: HttpClient,
): AsyncGenerator<string[], void> {
  const lines = new TextLines(MAX_LINE_LENGTH, () => client.protocolError());
  try {
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const whole = lines.push(text);
      if (whole.length > 0) yield whole;
    }
  } catch (error) {
    if (error instanceof DOMException || error instanceof DamageError) throw error;
    throw cutOff(client);
  }
  if (lines.length > 0) throw cutOff(client);
}

/** A server breaks the connection off, too, where an answer exceeds a limit after its first rows. */
function cutOff(client: HttpClient): UnreachableError {
  return new UnreachableError(
    `Cannot read the answer of ${client.base}: it was cut off; the query exceeded a limit, or the connection broke; try again`,
  );
}
