import { lastSegment, parentOf } from "../base/paths.ts";
import { isDefinition, isLifeLog } from "../format/layout/name_tests.ts";
import type { Side } from "./inventory/side.ts";
import { AmbiguousError, NotFoundError } from "../base/errors.ts";
import { glob } from "../base/glob.ts";
import { parseExperiment } from "../format/definitions/definition.ts";
import type { ExperimentDefinition } from "../format/definitions/definition_types.ts";
import { logFileName, logNameOf, MARKER_FILE } from "../format/layout/names.ts";
import { parseV0 } from "../format/definitions/v0.ts";
import { sourceOf } from "../query/snapshot/source.ts";
import { query } from "../query/query.ts";
import { QueryError } from "../query/result/query_error.ts";
import { openReader } from "../repo/open.ts";
import { withBulkFallback } from "../store/bulk_fallback.ts";
import { MemoryStore } from "../store/memory_store.ts";
import { concat } from "../base/bytes.ts";
import type { Store } from "../store/store.ts";
import { rank } from "./transfer/plan.ts";

/** Which experiments are meant: those for which all that is given holds. */
export interface Selection {
  /** A condition as `dbx query --where` takes it. */
  readonly where?: string;
  /** Beginnings of ids. */
  readonly ids?: readonly string[];
  readonly kinds?: readonly string[];
  /** Patterns with `*` and `?`. */
  readonly names?: readonly string[];
  /** Made at this time or later; milliseconds since the Unix epoch. */
  readonly since?: number;
}

/** Whether anything is selected at all. */
export function selects({ where, ids, kinds, names, since }: Selection): boolean {
  return where !== undefined || since !== undefined ||
    [ids, kinds, names].some((list) => list !== undefined && list.length > 0);
}

/**
 * Finds the experiments that are meant, on both sides. What one side says of an experiment is enough.
 *
 * @throws {NotFoundError} For an id that neither side has.
 * @throws {AmbiguousError} For the beginning of several ids.
 * @throws {QueryError} For a condition that cannot be read.
 */
export async function selectExperiments(
  sides: readonly Side[],
  selection: Selection,
  signal?: AbortSignal,
): Promise<(folder: string) => boolean> {
  const meant = new Set<string>();
  const all = new Map<string, Set<string>>();
  const { ids = [], kinds = [], names = [], since } = selection;
  const fits = names.map(glob);
  const fitting = selection.where === undefined ? [] : await idsWhere(sides, selection.where, signal);
  for (const [index, side] of sides.entries()) {
    const found = new Map<string, string>();
    const isFitting = selection.where === undefined ? undefined : fitting[index];
    for (const [folder, definition] of await definitions(side, signal)) {
      const { id, kind, name, createdAt } = definition;
      found.set(folder, id);
      for (const prefix of ids) {
        if (!id.startsWith(prefix)) continue;
        const own = all.get(prefix) ?? new Set();
        all.set(prefix, own.add(id));
      }
      if (ids.length > 0 && !ids.some((prefix) => id.startsWith(prefix))) continue;
      if (kinds.length > 0 && !kinds.includes(kind)) continue;
      if (fits.length > 0 && !fits.some((fit) => fit(name))) continue;
      if (since !== undefined && !(createdAt >= since)) continue;
      if (isFitting !== undefined && !isFitting.has(id)) continue;
      meant.add(folder);
    }
  }
  const where = sides.map(({ store }) => store.location).join(" and ");
  for (const prefix of ids) {
    const own = [...all.get(prefix) ?? []];
    if (own.length === 0) {
      throw new NotFoundError(`Cannot find the experiment "${prefix}" in ${where}: no id starts with "${prefix}"`);
    }
    if (own.length === 1 || own.includes(prefix)) continue;
    throw new AmbiguousError(
      `Cannot choose the experiment "${prefix}": ${own.length} ids start with it: ${own.join(", ")}`,
      own,
    );
  }
  return (folder) => meant.has(folder);
}

/** The definitions of a side's experiments, by their folders. What is damaged has none. */
async function definitions(
  { store, inventory }: Side,
  signal?: AbortSignal,
): Promise<Map<string, ExperimentDefinition>> {
  const names: string[] = [];
  const v0 = new Set<string>();
  for (const entry of inventory.values()) {
    const { name } = entry;
    if (rank(entry) === 0) names.push(name);
    else if (logNameOf(lastSegment(name)) !== undefined) v0.add(parentOf(name));
  }
  const found = new Map<string, ExperimentDefinition>();
  const decoder = new TextDecoder();
  let pieces: Uint8Array[] = [];
  for await (const batch of store.readMany(names.map((name) => ({ name, offset: 0 })), { signal })) {
    for (const { name, bytes, end } of batch) {
      pieces.push(bytes);
      if (!end) continue;
      const text = decoder.decode(concat(pieces));
      pieces = [];
      const folder = parentOf(name);
      const id = lastSegment(folder);
      try {
        const isV0 = v0.has(folder);
        found.set(
          folder,
          isV0 ? parseV0(text, { path: name, id }).experiment : parseExperiment(text, { path: name, id }),
        );
      } catch {
        // Damage is reported by `dbx check`; nothing is known of this one, so it is not meant.
      }
    }
  }
  return found;
}

/**
 * The ids of the experiments that a condition holds for, on each side. A side that does not know what the condition names
 * (a series, a param) has none of these; where no side knows it, it is an error.
 */
async function idsWhere(sides: readonly Side[], where: string, signal?: AbortSignal): Promise<Set<string>[]> {
  const asked = { where, cols: ["id"] };
  const found: Set<string>[] = [];
  let wrong: QueryError | undefined;
  let isKnown = false;
  for (const side of sides) {
    const ids = new Set<string>();
    found.push(ids);
    if (![...side.inventory.keys()].some((name) => isDefinition(name))) continue;
    // Of a store from afar, what the condition can need comes here first.
    const store = side.store.capabilities.remote ? await nearby(side, where, signal) : side.store;
    const repository = await openReader(store);
    try {
      using answer = await query([sourceOf(repository)], asked, { signal, all: true });
      for await (const row of answer) ids.add(String(row[0]));
      isKnown = true;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      wrong ??= error;
    }
  }
  if (wrong !== undefined && !isKnown) throw wrong;
  return found;
}

async function nearby({ store, inventory }: Side, where: string, signal?: AbortSignal): Promise<Store> {
  // Statistics of series (`min:loss`) and questions of their own need the logs themselves.
  const needsLogs = /:|select/i.test(where);
  const wants = [...inventory.values()].filter((entry) => {
    const { name, kind, partial } = entry;
    const order = rank(entry);
    if (partial || kind === "object") return false;
    return order <= 2 || isLifeLog(name) ||
      (needsLogs && order === 3 && lastSegment(name) !== logFileName("stdout"));
  });
  const memory = withBulkFallback(new MemoryStore());
  if (inventory.has(MARKER_FILE)) await memory.create(MARKER_FILE, await store.read(MARKER_FILE));
  await memory.writeMany(store.readMany(wants.map(({ name }) => ({ name, offset: 0 })), { signal }), { signal });
  return memory;
}
