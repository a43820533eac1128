import type { KnownLogs } from "../../index/known_logs.ts";
import { FileCatalogue } from "../snapshot/file_catalogue.ts";
import { bothNeeds, covers } from "../snapshot/narrowed.ts";
import { type SnapshotNeeds, type SnapshotOptions, type Source, takeSnapshot } from "../snapshot/snapshot.ts";
import { View } from "../view.ts";
import { Quiet } from "./quiet.ts";

/** Fewer experiments are listed again for each question. */
const WORTH_HOLDING = 1000;

/** After so many milliseconds everything is looked at again, for what a program changed that does not show it. */
const WHOLE_LOOK_MS = 10_000;

/** Views of so many sets of repositories are held, and of no more than one set where they have so many experiments. */
const MOST_HELD = 4;
const MOST_EXPERIMENTS = 250_000;

/** How to take a view. */
export interface TakeOptions extends SnapshotOptions {
  /** Whether the question is about how long ago something was. */
  readonly tellsAge?: boolean;
}

/** A view, and what it knows. */
export interface Taken {
  readonly view: View;
  readonly needs: SnapshotNeeds;
}

interface Held extends Taken {
  readonly sources: readonly Source[];
  readonly quiet: readonly Quiet[];
  readonly indexes: readonly KnownLogs[];
  /** When everything was looked at last, by the clock of this process. */
  wholeAt: number;
  isLooking: boolean;
}

/** Takes a view for one question. */
export async function takeView(
  sources: readonly Source[],
  needs: SnapshotNeeds,
  options: TakeOptions,
): Promise<Taken> {
  return { view: new View(await takeSnapshot(sources, needs, options)), needs };
}

/**
 * Takes views for one question after the other, by a process that lives on: the last one serves again for as long as nothing has
 * changed. Then what was made of it, such as columns, is there, too.
 */
export class HeldViews {
  /** The one that was used last is the last. */
  readonly #held = new Map<string, Held>();
  readonly #options: { readonly worth: number; readonly wholeLookMs: number };

  constructor(options: { readonly worth?: number; readonly wholeLookMs?: number } = {}) {
    this.#options = { worth: WORTH_HOLDING, wholeLookMs: WHOLE_LOOK_MS, ...options };
  }

  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  /** A view that knows what is needed, or more. */
  async take(sources: readonly Source[], needs: SnapshotNeeds, options: TakeOptions): Promise<Taken> {
    if (needs.only !== undefined || needs.stdout || options.full) return await takeView(sources, needs, options);
    const key = JSON.stringify([
      options.all ?? false,
      ...sources.map(({ repository, name }) => [repository.location, name]),
    ]);
    const held = this.#still(key, sources);
    if (held !== undefined && covers(held.needs, needs)) {
      void this.#lookAtAll(held);
      if (!options.tellsAge) return held;
      return { needs: held.needs, view: new View({ ...held.view.snapshot, now: options.now }) };
    }
    this.#held.delete(key);
    const wanted = held === undefined ? needs : bothNeeds(held.needs, needs);
    const before = sources.map((source) => {
      const { catalogue } = source.repository;
      return catalogue instanceof FileCatalogue && source.repository.version === 1
        ? { source, catalogue, before: Quiet.before(source, catalogue) }
        : undefined;
    });
    const taken = await takeView(sources, wanted, options);
    const { snapshot } = taken.view;
    if (snapshot.experiments.length < this.#options.worth) return taken;
    const quiet: Quiet[] = [];
    for (const seen of before) {
      const own = seen?.before && Quiet.after(seen.source, seen.catalogue, seen.before, wanted);
      if (own === undefined) return taken;
      quiet.push(own);
    }
    const indexes = sources.map(({ index }) => index.held);
    this.#held.set(key, { ...taken, sources, quiet, indexes, wholeAt: performance.now(), isLooking: false });
    this.#trim();
    return taken;
  }

  /** Lets go of those that were not used for longest. */
  #trim(): void {
    const countOf = ({ view }: Held) => view.snapshot.experiments.length;
    let experiments = [...this.#held.values()].reduce((sum, held) => sum + countOf(held), 0);
    for (const [oldest, held] of this.#held) {
      if (this.#held.size === 1 || (this.#held.size <= MOST_HELD && experiments <= MOST_EXPERIMENTS)) break;
      experiments -= countOf(held);
      this.#held.delete(oldest);
    }
  }

  /** Lets go of what is held. */
  drop(): void {
    this.#held.clear();
  }

  /** What is held of these repositories, if nothing has changed. */
  #still(key: string, sources: readonly Source[]): Held | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    const isSame = sources.every(({ repository, index }, at) =>
      held.sources[at].repository === repository && index.held === held.indexes[at]
    );
    if (!isSame || !held.quiet.every((quiet) => quiet.isStill())) return undefined;
    this.#held.set(key, held);
    return held;
  }

  /** Now and then looks at what is taken as known, and lets go of it where it is not so. */
  async #lookAtAll(held: Held): Promise<void> {
    if (held.isLooking || performance.now() - held.wholeAt < this.#options.wholeLookMs) return;
    held.isLooking = true;
    const looks = held.quiet.map((quiet) => quiet.isWholeStill().catch(() => false));
    const isStill = (await Promise.all(looks)).every((still) => still);
    held.isLooking = false;
    held.wholeAt = performance.now();
    for (const [key, other] of this.#held) if (other === held && !isStill) this.#held.delete(key);
  }
}
