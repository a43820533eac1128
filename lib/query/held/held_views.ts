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
  readonly all: boolean;
  readonly quiet: readonly Quiet[];
  readonly indexes: readonly KnownLogs[];
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
  #held: Held | undefined;
  #wholeAt = -Infinity;
  #isLooking = false;
  readonly #options: { readonly worth: number; readonly wholeLookMs: number };

  constructor(options: { readonly worth?: number; readonly wholeLookMs?: number } = {}) {
    this.#options = { worth: WORTH_HOLDING, wholeLookMs: WHOLE_LOOK_MS, ...options };
  }

  /** How many views are held. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  /** A view that knows what is needed, or more. */
  async take(sources: readonly Source[], needs: SnapshotNeeds, options: TakeOptions): Promise<Taken> {
    if (needs.only !== undefined || needs.stdout || options.full) return await takeView(sources, needs, options);
    const held = this.#still(sources, options);
    if (held !== undefined && covers(held.needs, needs)) {
      void this.#lookAtAll(held);
      if (!options.tellsAge) return held;
      return { needs: held.needs, view: new View({ ...held.view.snapshot, now: options.now }) };
    }
    this.drop();
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
    this.#held = { ...taken, sources, all: options.all ?? false, quiet, indexes };
    this.#wholeAt = performance.now();
    return taken;
  }

  /** Lets go of what is held. */
  drop(): void {
    this.#held = undefined;
  }

  /** What is held of these repositories, if nothing has changed. */
  #still(sources: readonly Source[], { all = false }: TakeOptions): Held | undefined {
    const held = this.#held;
    if (held === undefined || held.all !== all || held.sources.length !== sources.length) return undefined;
    const isSame = sources.every(({ repository, index, name }, at) => {
      const own = held.sources[at];
      return own.repository === repository && own.name === name && index.held === held.indexes[at];
    });
    return isSame && held.quiet.every((quiet) => quiet.isStill()) ? held : undefined;
  }

  /** Now and then looks at what is taken as known, and lets go of it where it is not so. */
  async #lookAtAll(held: Held): Promise<void> {
    if (this.#isLooking || performance.now() - this.#wholeAt < this.#options.wholeLookMs) return;
    this.#isLooking = true;
    try {
      const still = await Promise.all(held.quiet.map((quiet) => quiet.isWholeStill()));
      if (!still.every((it) => it) && this.#held === held) this.drop();
    } catch {
      if (this.#held === held) this.drop();
    } finally {
      this.#isLooking = false;
      this.#wholeAt = performance.now();
    }
  }
}
