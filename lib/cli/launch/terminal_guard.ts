import { ENTER_SCREEN, LEAVE_SCREEN } from "../../terminal/screen/sequences.ts";
import { ownOutputs } from "./own_outputs.ts";

/** What a worker asks of the terminal: the whole of it, to give it back, or to stop as Ctrl-Z does, until the shell goes on. */
export type TerminalRequest = "enter" | "leave" | "stop";

/** A request for the terminal: what is asked comes through the port, and is answered there with the same word when it is done. */
export interface TerminalPort {
  readonly terminal: MessagePort;
}

/**
 * Holds the terminal for a worker that draws on all of it. It lives in the main isolate, which outlives the worker, so that the
 * terminal is given back however the worker ends. Signals that end the process give it back first.
 */
export class TerminalGuard {
  #isHeld = false;

  /** Serves the requests of a worker. */
  serve(port: MessagePort): void {
    port.onmessage = ({ data }: MessageEvent<TerminalRequest>) => {
      if (data === "enter") this.#enter();
      else if (data === "leave") this.release();
      else if (data === "stop") this.#stop();
      port.postMessage(data);
    };
    for (const [signal, code] of [["SIGHUP", 129], ["SIGQUIT", 131]] as const) {
      Deno.addSignalListener(signal, () => {
        this.release();
        Deno.exit(code);
      });
    }
  }

  /** Gives the terminal back if it is held. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    try {
      ownOutputs().stdout.drawScreen(LEAVE_SCREEN);
      Deno.stdin.setRaw(false);
    } catch {
      // The terminal is gone.
    }
  }

  /** Also where it is held: a shell may have changed it while the process was stopped. */
  #enter(): void {
    this.#isHeld = true;
    Deno.stdin.setRaw(true);
    ownOutputs().stdout.drawScreen(ENTER_SCREEN);
  }

  /** Stops the whole process group, as the terminal itself would, and goes on here when the shell says so. */
  #stop(): void {
    const wasHeld = this.#isHeld;
    this.release();
    Deno.kill(0, "SIGSTOP");
    if (wasHeld) this.#enter();
  }
}
