import { createHash } from "node:crypto";
import { type Pace, Yielder } from "../../base/yielder.ts";
import { SingleFlight } from "../../base/single_flight.ts";
import { MARKER_FILE } from "../../format/layout/names.ts";
import { purgedId, purgedIn } from "../../format/layout/tombstone.ts";
import type { BulkStore } from "../../store/store.ts";
import { bucketOf, counts, DIGEST_DIGITS, lineOf } from "../../protocol/inventory_digests.ts";

/** Lines that are hashed or sent at once. */
const PIECE = 4096;

/** The files of a repository, as they are sent. */
export interface Inventory {
  /** Of each file, its name and its line. */
  readonly names: readonly string[];
  readonly lines: readonly string[];
  /** The lines of what is not a file yet. */
  readonly partials: readonly string[];
  /** Bytes of the marker. */
  readonly marker: number | undefined;
}

/** What one side asks. */
export interface InventoryQuestion {
  readonly fresh: boolean;
  readonly buckets: number;
  /** The digests of what it knows, one after another; empty: of nothing. */
  readonly known: string;
}

/** How fast work goes on, and when it stops. */
interface How {
  readonly pace: Pace;
  readonly signal?: AbortSignal;
}

/** Takes inventories, one at a time and one for all who ask meanwhile, and gives way to other work. */
export class Inventories {
  readonly #learnt: SingleFlight<Inventory>;
  readonly #fresh: SingleFlight<Inventory>;

  /** `pace`: of the walks, which are for all. `onLeftovers`: called with ids that were purged but still have files. */
  constructor(
    readonly store: BulkStore,
    readonly pace: Pace,
    readonly onLeftovers?: (ids: readonly string[]) => void,
  ) {
    this.#learnt = new SingleFlight((signal) => this.#walk(false, signal));
    this.#fresh = new SingleFlight((signal) => this.#walk(true, signal));
  }

  /** Whether some file differs from what the client knows. */
  async differs(asked: InventoryQuestion, how: How): Promise<boolean> {
    return (await this.#compared(asked, how)).sent.length > 0;
  }

  /**
   * The lines of an answer, some at a time. `pace`: of the client. What is sent is what was there after the question;
   * it stops when the signal aborts.
   */
  async *answer(asked: InventoryQuestion, how: How): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { inventory: { lines, partials, marker }, members, sent, yielder } = await this.#compared(asked, how);
    const { buckets } = asked;
    const encoder = new TextEncoder();
    const hash = createHash("sha256");
    const hashed = (text: string): Uint8Array<ArrayBuffer> => {
      const bytes = encoder.encode(text);
      hash.update(bytes);
      return bytes;
    };
    yield hashed(JSON.stringify({ buckets, sent, ...(marker !== undefined && { marker }) }) + "\n");
    const differing = sent.flatMap((bucket) => members[bucket]).sort((a, b) => a - b);
    for (let from = 0; from < differing.length; from += PIECE) {
      await yielder.checkpoint();
      yield hashed(differing.slice(from, from + PIECE).map((at) => lines[at] + "\n").join(""));
    }
    yield hashed(partials.map((line) => line + "\n").join(""));
    yield encoder.encode(
      JSON.stringify({ end: differing.length + partials.length, sha256: hash.digest("hex") }) + "\n",
    );
  }

  /** The buckets that differ from what the client knows. */
  async #compared({ fresh, buckets, known }: InventoryQuestion, { pace, signal }: How) {
    const inventory = await (fresh ? this.#fresh : this.#learnt).fresh(signal);
    const { names, lines } = inventory;
    const yielder = new Yielder(signal, pace);
    const members: number[][] = Array.from({ length: buckets }, () => []);
    for (const [at, name] of names.entries()) {
      if (at % PIECE === 0) await yielder.checkpoint();
      members[bucketOf(name, buckets)].push(at);
    }
    const sent: number[] = [];
    for (const [bucket, own] of members.entries()) {
      const theirs = known.slice(bucket * DIGEST_DIGITS, (bucket + 1) * DIGEST_DIGITS);
      if (known === "" || await digestOf(own.map((at) => lines[at]), yielder) !== theirs) sent.push(bucket);
    }
    return { inventory, members, sent, yielder };
  }

  async #walk(fresh: boolean, signal: AbortSignal): Promise<Inventory> {
    const names: string[] = [], lines: string[] = [];
    const partials = new Map<string, string>();
    let marker: number | undefined;
    const { pace } = this;
    for await (const batch of this.store.listFiles({ fresh, signal, pace })) {
      for (const entry of batch) {
        if (counts(entry)) {
          names.push(entry.name);
          partials.delete(entry.name); // Another one brought it.
          lines.push(lineOf(entry));
        } else if (entry.name === MARKER_FILE) marker = entry.size;
        else partials.set(entry.name, lineOf(entry));
      }
    }
    const purging = this.store.purging?.() ?? new Set();
    const left = purging.size === 0 ? lines : lines.filter((_, at) => !purging.has(names[at]));
    const kept = purging.size === 0 ? names : names.filter((name) => !purging.has(name));
    return {
      ...await this.#withoutPurged({ names: kept, lines: left }, signal),
      partials: [...partials.values()],
      marker,
    };
  }

  /** What stands below a tombstone is not listed. */
  async #withoutPurged(
    { names, lines }: Pick<Inventory, "names" | "lines">,
    signal: AbortSignal,
  ): Promise<Pick<Inventory, "names" | "lines">> {
    const purged = new Set(names.map(purgedId).filter((id) => id !== undefined));
    if (purged.size === 0) return { names, lines };
    const yielder = new Yielder(signal, this.pace);
    const again = new Set<string>();
    const kept: { names: string[]; lines: string[] } = { names: [], lines: [] };
    for (const [at, name] of names.entries()) {
      if (at % PIECE === 0) await yielder.checkpoint();
      const id = purgedIn(name, (id) => purged.has(id));
      if (id !== undefined) again.add(id);
      else {
        kept.names.push(name);
        kept.lines.push(lines[at]);
      }
    }
    if (again.size > 0) this.onLeftovers?.([...again]);
    return kept;
  }
}

/** As `digest` makes it; with many lines in one bucket, others get their turn meanwhile. */
async function digestOf(lines: string[], yielder: Yielder): Promise<string> {
  const hash = createHash("sha256");
  lines.sort();
  for (let from = 0; from < lines.length; from += PIECE) {
    await yielder.checkpoint();
    hash.update(lines.slice(from, from + PIECE).map((line) => line + "\n").join(""));
  }
  return hash.digest("hex").slice(0, DIGEST_DIGITS);
}
