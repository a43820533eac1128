import { TIMESTAMP_GRANULARITY_MS } from "../../fs/files/timestamps.ts";
import type { KnownLogs } from "../../index/state/indexed_logs.ts";
import type { LogIndex } from "../../index/log_index.ts";
import type { Repository } from "../../repo/repository.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { FileCatalogue } from "../snapshot/catalogue/file_catalogue.ts";
import { bothNeeds, covers } from "../snapshot/narrowed.ts";
import { type SnapshotOptions, type Source, takeSnapshot } from "../snapshot/snapshot.ts";
import type { SnapshotNeeds } from "../snapshot/needs.ts";
import { QuerySession } from "./session.ts";
import { areUnchanged, type FolderStamps, stampsOf } from "./folder_stamps.ts";
import { type Before, beforeListing, type Catalogued, SettledTrust } from "./settled_trust.ts";

/** Fewer experiments are listed again for each question. */
const MIN_EXPERIMENTS = 1000;

/** Of more experiments that are not settled, it is not worth it to look for them; and of fewer already, to look at all their files. */
const MAX_UNSETTLED = 50_000;
const MAX_STAMPED = 200;

/** After so many milliseconds everything is looked at again, for what a program changed that does not show it. */
const WHOLE_LOOK_MS = 10_000;

/** Views of so many sets of repositories are held, and of no more than one set where they have so many experiments. */
const MAX_SESSIONS = 4;
const MAX_EXPERIMENTS = 250_000;

/** How to take a view. */
export interface TakeOptions extends SnapshotOptions {
  /** Whether the question is about how long ago something was. */
  readonly dependsOnAge?: boolean;
}

/** A view, and what it knows. */
export interface TakenSession {
  readonly view: QuerySession;
  readonly needs: SnapshotNeeds;
}

interface Held extends TakenSession {
  readonly parts: readonly HeldPart[];
}

/** What shows that a repository is as it was listed. */
interface HeldPart {
  readonly repository: Repository;
  readonly store: LocalStore;
  readonly index: LogIndex;
  readonly held: KnownLogs;
  readonly trust: SettledTrust;
  /** Of experiments that are not settled. */
  readonly stamps: FolderStamps;
}

/** Takes a view for one question. */
export async function takeSession(
  sources: readonly Source[],
  needs: SnapshotNeeds,
  options: TakeOptions,
): Promise<TakenSession> {
  return { view: new QuerySession(await takeSnapshot(sources, needs, options)), needs };
}

/**
 * Takes views for one question after the other, by a process that lives on: the last one serves again for as long as nothing has
 * changed. Then what was made of it, such as columns, is there, too.
 */
export class SessionCache {
  /** The one that was used last is the last. */
  readonly #held = new Map<string, Held>();
  readonly #trusts = new WeakMap<Repository, SettledTrust>();
  readonly #options: { readonly worth: number; readonly wholeLookMs: number };

  constructor(options: { readonly worth?: number; readonly wholeLookMs?: number } = {}) {
    this.#options = { worth: MIN_EXPERIMENTS, wholeLookMs: WHOLE_LOOK_MS, ...options };
  }

  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  /** A view that knows what is needed, or more. */
  async take(sources: readonly Source[], needs: SnapshotNeeds, options: TakeOptions): Promise<TakenSession> {
    if (needs.only !== undefined || options.full) return await takeSession(sources, needs, options);
    const key = JSON.stringify([
      options.all ?? false,
      ...sources.map(({ repository, name }) => [repository.location, name]),
    ]);
    const held = this.#still(key, sources);
    if (held === undefined || !covers(held.needs, needs)) {
      return await this.#takeAnew(key, sources, held === undefined ? needs : bothNeeds(held.needs, needs), options);
    }
    for (const { trust } of held.parts) void trust.lookAtAll(this.#options.wholeLookMs);
    if (!options.dependsOnAge) return held;
    return { needs: held.needs, view: new QuerySession({ ...held.view.snapshot, now: options.now }) };
  }

  async #takeAnew(
    key: string,
    sources: readonly Source[],
    needs: SnapshotNeeds,
    options: TakeOptions,
  ): Promise<TakenSession> {
    this.#held.delete(key);
    const listings = sources.map((source) => this.#begin(source));
    // What is trusted later has to be looked at: the runs, too.
    const wanted = { ...needs, runs: true };
    const taken = await takeSession(sources, wanted, options);
    const parts = listings.flatMap((listing, at) => (listing && this.#end(listing, sources[at], wanted)) ?? []);
    const isWorth = taken.view.snapshot.experiments.length >= this.#options.worth;
    if (isWorth && parts.length === sources.length) {
      this.#held.set(key, { ...taken, parts });
      this.#trim();
    }
    return taken;
  }

  /** Before a listing: settled experiments need not be looked at where nothing shows that one has changed. */
  #begin({ repository }: Source): Listing | undefined {
    const { store, catalogue, version } = repository;
    if (!(catalogue instanceof FileCatalogue) || !(store instanceof LocalStore) || version !== 1) return undefined;
    const of = { repository, store, catalogue };
    const before = beforeListing(of);
    const known = this.#trusts.get(repository);
    const trust = before && known?.isAt(before.folders) ? known : undefined;
    if (trust === undefined) this.#trusts.delete(repository);
    catalogue.settled = trust?.settled;
    void trust?.lookAtAll(this.#options.wholeLookMs);
    return { of, before, trust };
  }

  /** After it: what shows that all is as it was listed; undefined where something changes just now, or too much may. */
  #end({ of, before, trust: known }: Listing, { index }: Source, needs: SnapshotNeeds): HeldPart | undefined {
    const { repository, store, catalogue } = of;
    catalogue.lessons = undefined;
    const unsettled = before && catalogue.unsettled(MAX_UNSETTLED);
    if (unsettled === undefined) return undefined;
    // What was read just now and was too young to be kept: the catalogue has the earlier state.
    if (!before!.lessons.isSubsetOf(unsettled.folders)) return undefined;
    const trust = known ?? new SettledTrust(store, before!, unsettled.files);
    if (known !== undefined) trust.renew(unsettled.files);
    this.#trusts.set(repository, trust);
    if (unsettled.goOn && (needs.status || needs.runStatus)) return undefined;
    if (unsettled.folders.size > MAX_STAMPED) return undefined;
    const stamps = stampsOf(store, unsettled.folders, before!.at - TIMESTAMP_GRANULARITY_MS);
    return stamps && { repository, store, index, held: index.held, trust, stamps };
  }

  /** Lets go of those that were not used for longest. */
  #trim(): void {
    const countOf = ({ view }: Held) => view.snapshot.experiments.length;
    let experiments = [...this.#held.values()].reduce((sum, held) => sum + countOf(held), 0);
    for (const [oldest, held] of this.#held) {
      if (this.#held.size === 1 || (this.#held.size <= MAX_SESSIONS && experiments <= MAX_EXPERIMENTS)) break;
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
    const isSame = sources.every(({ repository, index }, at) => {
      const own = held.parts[at];
      return own.repository === repository && index.held === own.held && index.isCurrent && own.trust.isStill() &&
        areUnchanged(own.store, own.stamps);
    });
    if (isSame) this.#held.set(key, held);
    return isSame ? held : undefined;
  }
}

/** A listing that has begun. */
interface Listing {
  readonly of: Catalogued;
  readonly before: Before | undefined;
  /** What it relies on. */
  readonly trust: SettledTrust | undefined;
}
