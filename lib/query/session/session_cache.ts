import { TIMESTAMP_GRANULARITY_MS } from "../../fs/files/timestamps.ts";
import type { KnownLogs } from "../../index/state/indexed_logs.ts";
import type { LogIndex } from "../../index/log_index.ts";
import type { Repository } from "../../repo/repository.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { FileCatalogue } from "../snapshot/catalogue/file_catalogue.ts";
import type { Unsettled } from "../snapshot/catalogue/settled.ts";
import { bothNeeds, covers } from "../snapshot/narrowed.ts";
import { type SnapshotOptions, type Source, takeSnapshot } from "../snapshot/snapshot.ts";
import type { SnapshotNeeds } from "../snapshot/needs.ts";
import { QuerySession } from "./session.ts";
import { areUnchanged, type FolderStamps, stampsOf } from "./folder_stamps.ts";
import { fewerUnsettled, Renewal } from "./renewal.ts";
import { type Before, beforeListing, type Catalogued, SettledTrust } from "./settled_trust.ts";

/** Fewer experiments are listed again for each question. */
const MIN_EXPERIMENTS = 1000;

/** Of more experiments that are not settled, it is not worth it to look for them; and of fewer already, to look at all their files. */
const MAX_UNSETTLED = 50_000;
const MAX_STAMPED = 200;

/** So many are looked at again for a question, and everything if there are more. */
const MAX_RENEWED = 2000;

/** After so many milliseconds everything is looked at again, for what a program changed that does not show it. */
const WHOLE_LOOK_MS = 10_000;

/** So many views are held, and no more than one where they have so many experiments. */
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
  /** What makes the next view, once one was needed. */
  readonly renewal?: Renewal;
}

/** What shows that a repository is as it was listed. */
interface HeldPart extends Catalogued {
  readonly index: LogIndex;
  /** Where the view has logs. */
  readonly held: KnownLogs | undefined;
  readonly trust: SettledTrust;
  readonly unsettled: Unsettled;
  /** Of experiments that are not settled; see {@linkcode stampsOfUnsettled}. */
  readonly stamps: FolderStamps | undefined;
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
    const held = this.#trusted(key, sources);
    if (held !== undefined && isSame(held)) {
      if (covers(held.needs, needs)) return this.#given(held, options);
      if (needs.logs) return await this.#takeAnew(key, sources, bothNeeds(held.needs, needs), options);
    }
    if (needs.logs) return await this.#takeAnew(key, sources, needs, options);
    const own = `without logs ${key}`;
    const light = this.#trusted(own, sources);
    if (light === undefined) return await this.#takeAnew(own, sources, needs, options);
    if (!covers(light.needs, needs)) {
      return await this.#takeAnew(own, sources, bothNeeds(light.needs, needs), options);
    }
    if (isSame(light)) return this.#given(light, options);
    if (sources.length === 1 && light.parts.every(mayRenew)) {
      return this.#given(await this.#renew(own, light, sources, options), options);
    }
    return await this.#takeAnew(own, sources, needs, options);
  }

  /** A view that is held, for one question. */
  #given(held: Held, options: TakeOptions): TakenSession {
    for (const { trust } of held.parts) void trust.lookAtAll(this.#options.wholeLookMs);
    if (!options.dependsOnAge) return held;
    return { needs: held.needs, view: new QuerySession({ ...held.view.snapshot, now: options.now }) };
  }

  /** Looks again at the experiments that are not settled. */
  async #renew(key: string, held: Held, [source]: readonly Source[], options: TakeOptions): Promise<Held> {
    const [part] = held.parts;
    const { store, catalogue, unsettled } = part;
    const at = catalogue.now();
    const renewal = held.renewal ?? new Renewal(held.view.snapshot, source, unsettled.folders);
    const lessons = catalogue.lessons = new Set<string>();
    const view = await renewal.view(held.needs, options);
    catalogue.lessons = undefined;
    const stamps = stampsOfUnsettled(store, unsettled, held.needs, at);
    const fewer = fewerUnsettled(catalogue, unsettled, lessons, MAX_RENEWED);
    if (fewer !== undefined) part.trust.renew(fewer.files);
    const renewed: Held = {
      needs: held.needs,
      view,
      renewal: fewer === undefined ? renewal : new Renewal(view.snapshot, source, fewer.folders),
      parts: [{ ...part, stamps, unsettled: fewer ?? unsettled }],
    };
    this.#held.set(key, renewed);
    return renewed;
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
    const stamps = stampsOfUnsettled(store, unsettled, needs, before!.at);
    const held = needs.logs ? index.held : undefined;
    const part = { repository, store, catalogue, index, held, trust, unsettled, stamps };
    return stamps !== undefined || !needs.logs && mayRenew(part) ? part : undefined;
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

  /** What is held of these repositories, if no settled experiment has changed. */
  #trusted(key: string, sources: readonly Source[]): Held | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    const isTrusted = sources.every(({ repository, index }, at) => {
      const own = held.parts[at];
      return own.repository === repository && own.trust.isStill() &&
        (own.held === undefined || index.held === own.held && index.isCurrent);
    });
    if (isTrusted) this.#held.set(key, held);
    return isTrusted ? held : undefined;
  }
}

/** Whether nothing else has changed, either. */
function isSame({ parts }: Held): boolean {
  return parts.every(({ store, stamps }) => stamps !== undefined && areUnchanged(store, stamps));
}

/** Whether it is worth it to look at experiments that are not settled again, and to take the others as they are. */
function mayRenew({ unsettled }: HeldPart): boolean {
  return unsettled.folders.size <= MAX_RENEWED;
}

/**
 * What shows that experiments that are not settled are as they were listed; undefined where something changes just now, too much
 * may, or what is asked depends on the time.
 *
 * @param at When the listing began.
 */
function stampsOfUnsettled(
  store: LocalStore,
  { folders, goOn }: Unsettled,
  needs: SnapshotNeeds,
  at: number,
): FolderStamps | undefined {
  if (goOn && (needs.status || needs.runStatus)) return undefined;
  if (folders.size > MAX_STAMPED) return undefined;
  return stampsOf(store, folders, at - TIMESTAMP_GRANULARITY_MS);
}

/** A listing that has begun. */
interface Listing {
  readonly of: Catalogued;
  readonly before: Before | undefined;
  /** What it relies on. */
  readonly trust: SettledTrust | undefined;
}
