import { lastSegment } from "../../base/paths.ts";
import { experimentOfNotes } from "../../format/layout/name_tests.ts";
import type { Inventory } from "../inventory/side.ts";
import { LOG_SUFFIX, notesFolder } from "../../format/layout/names.ts";
import { References } from "../../format/layout/object_references.ts";
import { LogReader } from "../../repo/logs/log_reader.ts";
import { readNotes } from "../../repo/logs/notes.ts";
import { MemoryStore } from "../../store/memory_store.ts";
import { concat } from "../../base/bytes.ts";
import type { BulkOptions, BulkStore } from "../../store/store.ts";
import { experimentFinder } from "./plan.ts";

/**
 * Which of some experiments (their folders) are deleted, by the notes that either store has. Reads the notes.
 *
 * @param isMeant Default: all.
 */
export async function deletedExperiments(
  stores: readonly { readonly store: BulkStore; readonly inventory: Inventory }[],
  isMeant: (folder: string) => boolean = () => true,
  options: BulkOptions = {},
): Promise<Set<string>> {
  const notes = new Map<string, Map<string, Uint8Array>>();
  for (const { store, inventory } of stores) {
    const names: string[] = [];
    for (const { name, kind } of inventory.values()) {
      const folder = kind === "log" ? experimentOfNotes(name) : undefined;
      if (folder !== undefined && isMeant(folder)) names.push(name);
    }
    for await (const [name, bytes] of wholes(store, names, options)) {
      const folder = experimentOfNotes(name)!;
      const own = notes.get(folder) ?? new Map<string, Uint8Array>();
      notes.set(folder, own);
      // Of two copies of a log one is the beginning of the other: the longer one says all.
      if ((own.get(name)?.length ?? -1) < bytes.length) own.set(name, bytes);
    }
  }
  const deleted = new Set<string>();
  for (const [folder, logs] of notes) {
    const memory = new MemoryStore();
    const readers: LogReader[] = [];
    for (const [name, bytes] of logs) {
      if (bytes.length > 0) await memory.create(name, bytes);
      readers.push(new LogReader(memory, notesFolder(folder), lastSegment(name).slice(0, -LOG_SUFFIX.length)));
    }
    if ((await readNotes(readers)).deleted) deleted.add(folder);
  }
  return deleted;
}

/** Small files as wholes. */
async function* wholes(
  store: BulkStore,
  names: readonly string[],
  options: BulkOptions,
): AsyncGenerator<[string, Uint8Array], void> {
  let held: Uint8Array = new Uint8Array();
  for await (const batch of store.readMany(names.map((name) => ({ name, offset: 0 })), options)) {
    for (const { name, bytes, offset, end } of batch) {
      held = offset === 0 ? bytes : concat([held, bytes]);
      if (end) yield [name, held];
    }
  }
}

/** The objects that the definitions and logs of some experiments refer to; undefined: all there are. Reads them all. */
export async function referredObjects(
  { store, inventory }: { readonly store: BulkStore; readonly inventory: Inventory },
  isMeant: ((folder: string) => boolean) | undefined,
  options: BulkOptions = {},
): Promise<Set<string>> {
  const of = isMeant && experimentFinder(inventory.keys());
  const names: string[] = [];
  for (const { name, kind } of inventory.values()) {
    if (kind !== "log" && kind !== "definition") continue;
    const folder = of?.(name);
    if (isMeant === undefined || (folder !== undefined && isMeant(folder))) names.push(name);
  }
  // Parts may end anywhere: what spans two of them is put together again.
  const references = new References();
  for await (const batch of store.readMany(names.map((name) => ({ name, offset: 0 })), options)) {
    for (const { name, bytes, end, error } of batch) {
      if (error === undefined) references.add({ name, bytes, end });
      else references.addUnreadable(name, error);
    }
  }
  return references.objects;
}
