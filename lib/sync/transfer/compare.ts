import { extendsV0Manifest } from "../../store/v0_manifest.ts";
import { concat } from "../../base/bytes.ts";
import type { BulkStore, FileEntry, FileIssue, HashOptions, Prefix, PrefixHash, ReadRange } from "../../store/store.ts";
import type { Comparison } from "./plan.ts";

/** What a comparison found. */
export interface Compared {
  /** What the target lacks of files that it has the beginning of. */
  readonly wants: readonly ReadRange[];
  /** Files that are equal, as the source has them: the target's time is to become this one. */
  readonly equal: readonly FileEntry[];
  /** Names of files that are equal, those with equal times among them. */
  readonly same: readonly string[];
  readonly setbacks: readonly FileIssue[];
}

/** Proofs in one question. */
const BATCH = 4000;

/** For fewer files that are expected to be equal a question of their own costs more than it spares. */
const MIN_FILES_TO_COMPARE = 32;

/** Compares the beginnings of files that both stores have. Reads both, writes nothing. */
export async function compare(
  source: BulkStore,
  target: BulkStore,
  pairs: readonly Comparison[],
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void } = {},
): Promise<Compared> {
  const wants: ReadRange[] = [];
  const equal: FileEntry[] = [];
  const same: string[] = [];
  const setbacks: FileIssue[] = [];
  const again: Comparison[] = [];
  const differ = ({ name }: Comparison, what: string): void => {
    setbacks.push({
      name,
      kind: "diverged",
      message: `${source.location} and ${target.location} ${what}; both are kept`,
    });
  };
  // A garbage collection may have removed it meanwhile: the next look shows it. One that lists it and has it not is
  // damaged.
  const gone = (name: string, { location }: BulkStore): void => {
    setbacks.push({ name, kind: "retry", message: `${location} lists it, but does not have it` });
  };
  const registries = pairs.filter(({ source }) => source.kind === "registry");
  const others = pairs.filter(({ source }) => source.kind !== "registry");

  for await (const [pair, ours, theirs] of inGroups(source, target, others, options)) {
    const { name, source: entry, target: other } = pair;
    const { kind } = entry;
    if (ours === undefined || theirs === undefined) {
      gone(name, ours === undefined ? source : target);
      continue;
    }
    if (kind === "object") {
      for (const [store, proof] of [[source, ours], [target, theirs]] as const) {
        if (proof.sha256 === name.slice(-64)) continue;
        const message = `its bytes in ${store.location} do not have the SHA-256 that its name gives`;
        setbacks.push({ name, kind: "damaged", message });
      }
    } else if (ours.sha256 !== undefined && ours.sha256 === theirs.sha256) {
      if (kind !== "log" && entry.size !== other.size) differ(pair, "hold files of different lengths");
      else if (entry.size === other.size) {
        same.push(name);
        if (entry.modifiedAt !== undefined && entry.modifiedAt !== other.modifiedAt) equal.push(entry);
      } else if (ours.lastLineEnd > pair.length) wants.push({ name, offset: pair.length });
    } else if (kind !== "log") differ(pair, "hold different files");
    else if (ours.sha256 === undefined || theirs.sha256 === undefined) {
      again.push({ ...pair, length: Math.min(ours.lastLineEnd, theirs.lastLineEnd) }); // One became shorter: a torn tail was cut off.
    } else if (Math.min(ours.lastLineEnd, theirs.lastLineEnd) >= pair.length) {
      differ(pair, `hold logs of which neither is a prefix of the other (${entry.size} and ${other.size} bytes)`);
    } else again.push({ ...pair, length: Math.min(ours.lastLineEnd, theirs.lastLineEnd) });
  }

  // One of the two ends in the middle of a line, which is not an event yet: whole lines are compared.
  for await (const [pair, ours, theirs] of proofs(source, target, again, options)) {
    if (ours === undefined || theirs === undefined) gone(pair.name, ours === undefined ? source : target);
    else if (ours.sha256 === undefined || theirs.sha256 === undefined) {
      setbacks.push({ name: pair.name, kind: "retry", message: "it was truncated while it was compared" });
    } else if (ours.sha256 !== theirs.sha256) {
      differ(pair, `hold logs of which neither is a prefix of the other (${ours.size} and ${theirs.size} bytes)`);
    } else if (ours.lastLineEnd > pair.length) wants.push({ name: pair.name, offset: pair.length });
  }

  for (const pair of registries) {
    const [ours, theirs] = await Promise.all([contents(source, pair.name), contents(target, pair.name)]);
    if (ours === undefined || theirs === undefined) gone(pair.name, ours === undefined ? source : target);
    else if (!isJson(ours)) {
      // One of the target is replaced by one that says something.
      setbacks.push({ name: pair.name, kind: "damaged", message: `in ${source.location} it is not valid JSON` });
    } else if (extendsV0Manifest(theirs, ours)) {
      if (!extendsV0Manifest(ours, theirs)) wants.push({ name: pair.name, offset: 0 });
    } else if (!extendsV0Manifest(ours, theirs)) differ(pair, "name different files");
  }
  return { wants, equal, same, setbacks };
}

/** How to compare. `areExpected`: the two proofs of each pair are likely to be the same. */
interface Options {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  readonly areExpected?: boolean;
}

/** First those of equal length, which are most often equal, then the others; few of them all at once. */
async function* inGroups(
  source: BulkStore,
  target: BulkStore,
  pairs: readonly Comparison[],
  { signal, onProgress }: Options,
): AsyncGenerator<[Comparison, PrefixHash | undefined, PrefixHash | undefined], void> {
  const isLikely = ({ source, target }: Comparison) => source.size === target.size;
  const likely = pairs.filter(isLikely);
  if (likely.length < MIN_FILES_TO_COMPARE) return yield* proofs(source, target, pairs, { signal, onProgress });
  const others = likely.length === pairs.length ? [] : pairs.filter((pair) => !isLikely(pair));
  const progressFrom = (before: number) => (done: number) => onProgress?.(before + done, pairs.length);
  yield* proofs(source, target, likely, { signal, onProgress: progressFrom(0), areExpected: true });
  yield* proofs(source, target, others, { signal, onProgress: progressFrom(likely.length) });
}

async function* proofs(
  source: BulkStore,
  target: BulkStore,
  pairs: readonly Comparison[],
  options: Options,
): AsyncGenerator<[Comparison, PrefixHash | undefined, PrefixHash | undefined], void> {
  const { signal, areExpected = false } = options;
  const far = [source, target].findLast(({ capabilities }) => capabilities.remote);
  for (let from = 0; from < pairs.length; from += BATCH) {
    options.onProgress?.(from, pairs.length);
    const batch = pairs.slice(from, from + BATCH);
    const extents = batch.map(({ name, length }): Prefix => ({
      name,
      length: Number.isNaN(length) ? undefined : length,
    }));
    // In a function of its own: where the second one throws at once, the first one's promise is not left alone.
    const prove = async (store: BulkStore, options: HashOptions) => await store.hashPrefixes(extents, options);
    const near = prove(far === source ? target : source, { signal });
    const asked = prove(far ?? target, { signal, ...areExpected && { expected: near } });
    const [first, second] = await Promise.all([near, asked]);
    const [ours, theirs] = far === source ? [second, first] : [first, second];
    for (const [at, pair] of batch.entries()) yield [pair, ours[at], theirs[at]];
  }
  options.onProgress?.(pairs.length, pairs.length);
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

/** All of a small file; undefined where it does not come to its end. */
async function contents(store: BulkStore, name: string): Promise<Uint8Array | undefined> {
  let all: Uint8Array = new Uint8Array();
  let isWhole = false;
  for await (const batch of store.readMany([{ name, offset: 0 }])) {
    for (const { bytes, end, error } of batch) {
      all = concat([all, bytes]);
      isWhole = end && error === undefined;
    }
  }
  return isWhole ? all : undefined;
}
