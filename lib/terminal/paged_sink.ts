import type { Sink } from "./sink.ts";

/** A program that shows a long text in pages. */
export interface Pager {
  /** Throws `Deno.errors.BrokenPipe` when the reader has left it. */
  write(bytes: Uint8Array): void;
  /** All was written: resolves when the reader leaves it. */
  end(): Promise<void>;
}

/** The bytes of a line feed, of the beginning of a control sequence, and of the end of one that colours. */
const LINE_FEED = 10, ESCAPE = 27, END_OF_COLOUR = 109;

/** A terminal on which what is longer than a screen goes to a pager. What is shorter is written at the end. */
export class PagedSink implements Sink {
  readonly isTerminal = true;
  #held: Uint8Array[] = [];
  #pager: Pager | undefined;
  #lines = 0;
  #column = 0;
  #inColour = false;

  /** `onShown`: called before anything appears. */
  constructor(
    readonly terminal: Sink,
    readonly start: () => Pager,
    readonly onShown: () => void,
  ) {}

  get columns(): number {
    return this.terminal.columns;
  }

  get colour(): boolean {
    return this.terminal.colour;
  }

  get rows(): number {
    return this.terminal.rows ?? 24;
  }

  get manyColours(): boolean {
    return this.terminal.manyColours === true;
  }

  get characters(): Sink["characters"] {
    return this.terminal.characters;
  }

  write(bytes: Uint8Array): void {
    if (this.#pager !== undefined) return this.#pager.write(bytes);
    this.#held.push(bytes);
    this.#count(bytes);
    // The shell's prompt takes a line, too.
    if (this.#lines < this.rows) return;
    this.onShown();
    this.#pager = this.start();
    for (const held of this.#held) this.#pager.write(held);
    this.#held = [];
  }

  /** Shows what is still held, or waits until the reader leaves the pager. */
  async end(): Promise<void> {
    if (this.#pager !== undefined) return await this.#pager.end();
    const held = this.#held;
    this.#held = [];
    if (held.length > 0) this.onShown();
    for (const bytes of held) this.terminal.write(bytes);
  }

  /** Counts the lines that it takes on the screen, about: a wide character is counted as one column. */
  #count(bytes: Uint8Array): void {
    const { columns } = this;
    for (const byte of bytes) {
      if (this.#inColour) this.#inColour = byte !== END_OF_COLOUR;
      else if (byte === ESCAPE) this.#inColour = true;
      else if (byte === LINE_FEED) {
        this.#lines++;
        this.#column = 0;
      } else if ((byte & 0xc0) !== 0x80 && ++this.#column > columns) {
        this.#lines++;
        this.#column = 1;
      }
    }
  }
}
