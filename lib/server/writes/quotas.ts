import { replaceFile } from "../../fs/files/atomic_file.ts";
import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { HttpError } from "../http/http_error.ts";
import type { Caller } from "../access/roles.ts";
import { limitsOf, type TokenLimits } from "../access/token_limits.ts";
import { ByteRate } from "./byte_rate.ts";
import { readUsage, type Usage, USAGE_FILE } from "./usage.ts";

/** Milliseconds between two writes of it: what a crash may forget. */
const SAVE_MS = 1000;
const NONE: Usage = { bytes: 0, files: 0 };

/** The refusal of what is more than a token may write. Nothing more of a request is taken then. */
export class QuotaRefusal extends HttpError {
  override name = "QuotaRefusal";
  /** See `stopsAll` of the store's guard. */
  readonly stopsAll = true;
}

/**
 * Counts what tokens write, and refuses what is too much. The counts are kept in the copy, by the ids of tokens, so that neither a
 * restart nor a renewed token begins a second quota. What is collected or deleted later does not count down.
 */
export class Quotas implements Disposable {
  #used: Map<string, Usage> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #rate: ByteRate;

  /** `all`: the limits of tokens that have none of their own. `now`: milliseconds of any clock. */
  constructor(readonly root: RootFolder, readonly all: TokenLimits = {}, now?: () => number) {
    this.#rate = new ByteRate(now);
  }

  /** Refuses a request of a token that has written too fast, or may write no more. */
  checkQuota({ id, limits }: Caller): void {
    if (id === undefined) return;
    const { rate } = limitsOf(limits, this.all);
    if (rate === undefined) return;
    const seconds = this.#rate.wait(id, rate);
    if (seconds === 0) return;
    throw new HttpError(
      429,
      `this token writes too fast: its quota is ${rate} bytes a second; try again in ${seconds} s`,
      {
        "retry-after": String(seconds),
      },
    );
  }

  /** Whether a token may make no further file, or write no further byte. */
  isFull(caller: Caller): boolean {
    if (caller.id === undefined) return false;
    const { bytes = Infinity, files = Infinity } = limitsOf(caller.limits, this.all);
    if (bytes === Infinity && files === Infinity) return false;
    const used = this.of(caller.id);
    return used.bytes >= bytes || used.files >= files;
  }

  /** Refuses to begin a file where no more may be written. */
  checkRoom(caller: Caller): void {
    this.#check(caller, 1, 1);
  }

  /** Counts what a token is about to write, or refuses it. */
  add(caller: Caller, bytes: number, files: number): void {
    const { id } = caller;
    if (id === undefined) return;
    const after = this.#check(caller, bytes, files);
    this.#known().set(id, after);
    const { rate } = limitsOf(caller.limits, this.all);
    if (rate !== undefined) this.#rate.spend(id, bytes);
    this.#saveLater();
  }

  /** What a token has written. */
  of(id: string): Usage {
    return this.#known().get(id) ?? NONE;
  }

  [Symbol.dispose](): void {
    if (this.#timer !== undefined) this.#save();
  }

  #check({ id, limits: own }: Caller, bytes: number, files: number): Usage {
    if (id === undefined) return NONE;
    const before = this.of(id);
    const after = { bytes: before.bytes + bytes, files: before.files + files };
    const limits = limitsOf(own, this.all);
    if (limits.bytes !== undefined && after.bytes > limits.bytes) {
      throw full(before.bytes, bytes, limits.bytes, "bytes");
    }
    if (limits.files !== undefined && after.files > limits.files) {
      throw full(before.files, files, limits.files, "files");
    }
    return after;
  }

  #known(): Map<string, Usage> {
    return this.#used ??= readUsage(this.root);
  }

  #saveLater(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#save(), SAVE_MS);
    Deno.unrefTimer(this.#timer as unknown as number);
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const json = { version: 1, tokens: Object.fromEntries(this.#known()) };
    try {
      this.root.makeFolder(LOCAL_FOLDER);
      replaceFile(this.root, USAGE_FILE, JSON.stringify(json) + "\n", { mode: 0o600, durable: false });
    } catch {
      // A disk that is full, or a repository that is gone; the next write counts on, and tries again.
    }
  }
}

function full(used: number, wanted: number, most: number, what: string): QuotaRefusal {
  return new QuotaRefusal(
    413,
    `the quota of this token is used up: it has written ${used} of the ${most} ${what} allowed, and ${wanted} more are ` +
      "too many; ask the operator of the server for more (dbx token set)",
  );
}
