import { spawn } from "node:child_process";
import { TextLines } from "../../../base/lines/text_lines.ts";
import { KEEPER_SCRIPT } from "./keeper_script.ts";

/** How long an answer of the keeper is waited for, in milliseconds. */
const ANSWER_MS = 5000;
/** A signal that only the keeper got is forgotten after so many milliseconds. */
const FORGET_MS = 1000;

/** Where the child stands: in dbx's own process group, in another one, or nowhere any more. */
export type Group = "same" | "other" | "gone";

/** How the keeper is started. */
export interface KeeperOptions {
  /** The absolute path of a POSIX shell. */
  readonly sh: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The child's own words: `pkill -f train.py` then reaches the keeper as it reaches dbx. */
  readonly words: readonly string[];
}

interface Stream {
  on(event: string, listener: (value: Uint8Array) => void): void;
}

/**
 * The small shell beside a run: it reports which signals were ignored at the start and which went to the whole process
 * group, and holds the child's output open if dbx dies (see `KEEPER_SCRIPT`). Without one (`start` gives undefined) dbx
 * does without.
 */
export class Keeper {
  /** Signals that were ignored when dbx was started, such as SIGHUP under nohup. */
  readonly ignored = new Set<Deno.Signal>();
  #alive = true;
  readonly #lines = new TextLines();
  readonly #decoder = new TextDecoder();
  readonly #waiting = new Map<string, ((answer: string | undefined) => void)[]>();
  readonly #heard = new Map<string, number>();
  readonly #write: (line: string) => void;
  readonly #unref: () => void;

  private constructor(options: KeeperOptions) {
    const { sh, cwd, env, words } = options;
    const child = spawn(sh, ["-c", KEEPER_SCRIPT, "dbx-keeper", ...words], {
      cwd,
      env: env as Record<string, string>,
      stdio: ["pipe", "inherit", "inherit", "pipe"],
    });
    const end = () => this.#end();
    child.on("error", end);
    child.on("exit", end);
    child.stdin?.on("error", end);
    const reports = child.stdio[3] as unknown as Stream;
    reports?.on("data", (bytes) => this.#read(bytes));
    reports?.on("error", end);
    this.#write = (line) => {
      if (this.#alive) child.stdin?.write(line + "\n");
    };
    this.#unref = () => child.unref();
  }

  /** Starts a keeper; undefined where that fails. */
  static async start(options: KeeperOptions): Promise<Keeper | undefined> {
    let keeper: Keeper;
    try {
      keeper = new Keeper(options);
    } catch {
      return undefined;
    }
    const answer = await keeper.#answer("ignored");
    if (answer === undefined) return undefined;
    for (const name of answer.split(" ").filter(Boolean)) keeper.ignored.add(`SIG${name}` as Deno.Signal);
    return keeper;
  }

  /** Makes two FIFOs, `out` and `err`, in a new folder; false if the file system has none. */
  async makePipes(folder: string): Promise<boolean> {
    if (folder.includes("\n")) return false;
    return await this.#ask(`pipes ${folder}`, "pipes") === "yes";
  }

  /** Holds the read ends of the FIFOs. Each must be open for writing by now. */
  async hold(): Promise<boolean> {
    return await this.#ask("hold", "held") !== undefined;
  }

  /** From now on the keeper goes on with the recording if dbx dies, by a command line of dbx. */
  guard(pid: number, words: readonly string[]): void {
    if (words.every((word) => !word.includes("\n"))) { for (const word of words) this.#write(`own ${word}`); }
    this.#write(`child ${pid}`);
  }

  /** Whether a signal that dbx got went to the child as well, because it went to the whole process group. */
  async reachedGroup(signal: Deno.Signal, pid: number): Promise<boolean | undefined> {
    const group = await this.#ask(`? ${pid}`, "?") as Group | undefined;
    if (group === undefined) return undefined;
    const at = this.#heard.get(signal);
    this.#heard.delete(signal);
    return group === "gone" || (group === "same" && at !== undefined && Date.now() - at < FORGET_MS);
  }

  /** Sends a signal to any process: for one that is not dbx's own child. */
  kill(signal: Deno.Signal, pid: number): void {
    this.#write(`kill ${signal.slice(3)} ${pid}`);
  }

  /** Kills a process and all that descend from it. Returns whether that could be asked for. */
  killAll(pid: number): boolean {
    this.#write(`killall ${pid}`);
    return this.#alive;
  }

  /** Ends it. `pass`: it first passes on what processes still print that outlive the child. */
  end(how: "bye" | "pass"): void {
    this.#write(how);
    this.#unref();
  }

  #ask(order: string, kind: string): Promise<string | undefined> {
    const answer = this.#answer(kind);
    this.#write(order);
    return answer;
  }

  async #answer(kind: string): Promise<string | undefined> {
    if (!this.#alive) return undefined;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const timer = setTimeout(() => resolve(undefined), ANSWER_MS);
    const queue = this.#waiting.get(kind) ?? [];
    queue.push(resolve);
    this.#waiting.set(kind, queue);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      const at = queue.indexOf(resolve);
      if (at >= 0) queue.splice(at, 1);
    }
  }

  #read(bytes: Uint8Array): void {
    for (const line of this.#lines.push(this.#decoder.decode(bytes, { stream: true }))) {
      const [kind, ...rest] = line.split(" ");
      if (kind === "!") this.#heard.set(`SIG${rest[0]}`, Date.now());
      else this.#waiting.get(kind)?.shift()?.(rest.join(" "));
    }
  }

  #end(): void {
    this.#alive = false;
    for (const queue of this.#waiting.values()) for (const resolve of queue.splice(0)) resolve(undefined);
  }
}
