// A terminal with somebody in front of it: tmux on a socket of its own.
import { plainEnvironment } from "./tools.ts";

/** Milliseconds after which what was waited for does not come any more. */
const TIMEOUT_MS = 120_000;
/** Milliseconds between two looks at the screen. */
const LOOK_MS = 100;

/** What a terminal is started with. */
export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/** A command on a terminal. It is ended when this is disposed of. */
export class Terminal implements AsyncDisposable {
  readonly #tmux: (...args: string[]) => Promise<string>;
  readonly #folder: string;

  private constructor(folder: string, env: Record<string, string>, cwd: string) {
    this.#folder = folder;
    this.#tmux = async (...args) => {
      const words = ["-S", `${folder}/socket`, "-f", `${folder}/config`, ...args];
      const options = { args: words, cwd, env, clearEnv: true, stdin: "null" } as const;
      const { success, stdout, stderr } = await new Deno.Command("tmux", options).output();
      const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      if (!success) throw new Error(`tmux ${args.join(" ")}: ${error}`);
      return out;
    };
  }

  /** Starts a command line of the shell. */
  static async start(command: string, options: TerminalOptions): Promise<Terminal> {
    const folder = await Deno.makeTempDir({ prefix: "dbx-tmux-" });
    const config = [
      "set -g default-terminal screen-256color",
      "set -g default-shell /bin/sh",
      "set -g history-limit 20000",
      "set -g status off",
      "set -g remain-on-exit on",
      "set -g remain-on-exit-format ''",
      "set -g escape-time 0",
    ];
    await Deno.writeTextFile(`${folder}/config`, config.join("\n") + "\n");
    const terminal = new Terminal(folder, plainEnvironment(options.env), options.cwd);
    const size = ["-x", String(options.columns ?? 80), "-y", String(options.rows ?? 24)];
    try {
      await terminal.#tmux("new-session", "-d", ...size, "-c", options.cwd, withStatus(command, `${folder}/status`));
    } catch (error) {
      await terminal[Symbol.asyncDispose]();
      throw error;
    }
    return terminal;
  }

  /** Types a text, as it stands. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys by their names: `Enter`, `C-c`, `C-z`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Types a line and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /** What the screen shows, without empty lines at its end. */
  async screen(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd();
  }

  /** The same with what has scrolled away; lines that the terminal wrapped are whole. */
  async everything(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p", "-J", "-S", "-")).trimEnd();
  }

  /** The same with colours, as SGR codes. */
  async coloured(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p", "-e", "-S", "-")).trimEnd();
  }

  /** Waits until all that was shown has a text. Returns it. */
  async waitFor(wanted: string | RegExp, count = 1): Promise<string> {
    return await this.#until(`${wanted}`, async () => {
      const shown = await this.everything();
      const found = typeof wanted === "string"
        ? shown.split(wanted).length - 1
        : [...shown.matchAll(new RegExp(wanted, wanted.flags.replace("g", "") + "g"))].length;
      return found >= count ? shown : undefined;
    });
  }

  /** Waits until the screen, and not what has scrolled away, is as it should be. */
  async waitForScreen(what: string, isGood: (screen: string) => boolean): Promise<string> {
    return await this.#until(what, async () => {
      const shown = await this.screen();
      return isGood(shown) ? shown : undefined;
    });
  }

  /** Presses a key until the screen is as it should be: a program may drop what is typed while it does something else. */
  async pressUntil(key: string, what: string, isGood: (screen: string) => boolean): Promise<string> {
    return await this.#until(what, async () => {
      await this.press(key);
      const shown = await this.screen();
      return isGood(shown) ? shown : undefined;
    });
  }

  /** Waits until the command has ended. Returns its exit code, and all that was shown. */
  async end(): Promise<{ code: number; shown: string }> {
    const code = await this.#until("the end of the command", async () => {
      const status = await Deno.readTextFile(`${this.#folder}/status`).catch(() => "");
      return status.endsWith("\n") ? Number(status) : undefined;
    });
    return { code, shown: await this.everything() };
  }

  /** What programs have told the terminal: whether it shows the other screen, reports the mouse, and shows the cursor; its title. */
  async modes(): Promise<{ other: boolean; mouse: boolean; cursor: boolean; title: string }> {
    const format = "#{alternate_on} #{mouse_any_flag} #{cursor_flag} #{pane_title}";
    const [other, mouse, cursor, ...title] = (await this.#tmux("display-message", "-p", format)).trim().split(" ");
    return { other: other === "1", mouse: mouse === "1", cursor: cursor === "1", title: title.join(" ") };
  }

  /** Gives the terminal another size. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  async #until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (const from = Date.now();;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() - from > TIMEOUT_MS) {
        throw new Error(`waited in vain for ${what}; the terminal shows:\n${await this.everything()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server").catch(() => {});
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** tmux itself may miss how a command ended: so the shell writes it down, which signals from the keyboard must not end. */
function withStatus(command: string, path: string): string {
  return `trap : INT QUIT; ${command}; echo $? >'${path}'`;
}
