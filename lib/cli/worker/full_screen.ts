import { type Input, InputDecoder } from "../../terminal/screen/input.ts";
import { type Paint, Screen, type Size } from "../../terminal/screen/screen.ts";
import type { ProcessContext } from "../command.ts";

/** Milliseconds after which an escape byte that nothing follows is the key itself; ssh may part a sequence for some. */
const ESCAPE_MS = 40;

/** What a program on the whole terminal is made of. */
export interface FullScreenProgram {
  readonly paint: Paint;
  /** Called with what somebody at the terminal does. Ctrl-Z stops the program without its doing. */
  take(input: Input): void;
}

/** What it needs of a running command. */
type FullScreenContext = Pick<ProcessContext, "terminal" | "stdin" | "stdout">;

/**
 * The whole terminal, for as long as this lives: what is typed comes to a program, and what it paints is shown. It follows the
 * size of the window, and Ctrl-Z and `fg`.
 */
export class FullScreen implements AsyncDisposable {
  readonly screen: Screen;
  readonly #listeners: readonly (readonly [Deno.Signal, () => void])[];
  #isStopping = false;
  #isOver = false;

  private constructor(readonly context: FullScreenContext, readonly program: FullScreenProgram) {
    this.screen = new Screen(context.stdout, program.paint, terminalSize);
    this.#listeners = [
      ["SIGWINCH", () => this.screen.invalidate()],
      ["SIGTSTP", () => void this.stop()],
      ["SIGCONT", () => void this.#goOn()],
    ];
  }

  /** Takes the terminal. */
  static async enter(context: FullScreenContext, program: FullScreenProgram): Promise<FullScreen> {
    const full = new FullScreen(context, program);
    await context.terminal!("enter");
    for (const [signal, listener] of full.#listeners) Deno.addSignalListener(signal, listener);
    full.screen.draw();
    return full;
  }

  /** Gives the program what is typed, until nothing more can come. */
  async read(): Promise<void> {
    const decoder = new InputDecoder();
    const reader = this.context.stdin.readable.getReader();
    let timer: ReturnType<typeof setTimeout> | undefined;
    while (!this.#isOver) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      for (const input of decoder.push(value)) this.#take(input);
      if (!decoder.isWaiting) continue;
      timer = setTimeout(() => decoder.flush().forEach((input) => this.#take(input)), ESCAPE_MS);
    }
  }

  /** Gives the terminal back and stops the process, as Ctrl-Z does; goes on when the shell says so. */
  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.screen.pause();
    await this.context.terminal!("stop");
    this.#isStopping = false;
    if (!this.#isOver) this.screen.resume();
  }

  /** Takes the terminal again after a stop that was not its own. */
  async #goOn(): Promise<void> {
    if (this.#isStopping || this.#isOver) return;
    await this.context.terminal!("enter");
    this.screen.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    for (const [signal, listener] of this.#listeners) Deno.removeSignalListener(signal, listener);
    this.screen.pause();
    await this.context.terminal!("leave");
  }

  #take(input: Input): void {
    if (this.#isOver) return;
    if (input.kind === "key" && input.key === "ctrl-z") void this.stop();
    else this.program.take(input);
  }
}

/** The size of the terminal at this moment. */
function terminalSize(): Size {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 };
  }
}
