import { definitionFile } from "../../format/layout/names.ts";
import { knownReplicaId } from "../../logger/replica.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import type { WriteGuard } from "../../store/write_guard.ts";
import type { Caller } from "../access/roles.ts";
import type { TokenLimits } from "../access/token_limits.ts";
import { CallerGuard, type Rules } from "./caller_guard.ts";
import { checkNote } from "./lines.ts";
import { Owners } from "./owners.ts";
import { Ownership } from "./ownership.ts";
import { QueuedStarts } from "./queued_starts.ts";
import { Quotas } from "./quotas.ts";
import type { Usage } from "./usage.ts";

/** How a repository decides over writes. */
export interface WritesOptions {
  /** What tokens may write that have no limits of their own. */
  readonly limits?: TokenLimits;
  /** The name of a token that is there, by its id. */
  readonly nameOf?: (id: string) => string | undefined;
  /** A clock, in milliseconds since any moment. */
  readonly now?: () => number;
}

/** What may be written to a repository, by whom and how much: the one place that all routes ask. */
export class Writes implements Disposable {
  readonly #rules: Rules;
  readonly #starts: QueuedStarts;
  readonly #owners: Owners;
  readonly #quotas: Quotas;

  constructor(store: LocalStore, { limits, nameOf = () => undefined, now }: WritesOptions = {}) {
    const root = store.folder;
    this.#owners = new Owners(root);
    this.#quotas = new Quotas(root, limits, now);
    const starts = this.#starts = new QueuedStarts(root);
    const ownReplica = () => knownReplicaId(store);
    const ownership = new Ownership({ root, owners: this.#owners, starts, nameOf, ownReplica });
    this.#rules = { root, ownership, quotas: this.#quotas };
  }

  /** Refuses a request that writes, of a token that has written too fast. */
  checkQuota(caller: Caller): void {
    this.#quotas.checkQuota(caller);
  }

  /** Decides over what one request writes. */
  guard(caller: Caller): WriteGuard {
    return new CallerGuard(this.#rules, caller);
  }

  /** Refuses a note that the server is asked to write itself, and counts it. `experiment`: the experiment's folder. */
  note(caller: Caller, experiment: string, event: string, data: unknown): void {
    const { ownership, quotas } = this.#rules;
    checkNote(event, { caller, isOwn: () => ownership.isOwnExperiment(experiment, caller) });
    quotas.add(caller, JSON.stringify(data).length + event.length + 40, 0);
  }

  /** Whether a client may continue a run. `folder`: the run's. */
  isOwnRun(caller: Caller, folder: string): boolean {
    return this.guard(caller).maySettle(definitionFile(folder));
  }

  /** Whether a run is that of a queued start. `experiment`: the folder of its experiment. */
  isStart(experiment: string, run: string): boolean {
    return this.#starts.of(experiment, run) !== undefined;
  }

  /** What a token has written. */
  usageOf(id: string): Usage {
    return this.#quotas.of(id);
  }

  /** Waits until the disk knows what tokens made. */
  async sync(): Promise<void> {
    await this.#owners.sync();
  }

  [Symbol.dispose](): void {
    this.#owners[Symbol.dispose]();
    this.#quotas[Symbol.dispose]();
  }
}
