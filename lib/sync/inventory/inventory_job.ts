import { FILE_KINDS } from "../../format/layout/file_kind.ts";
import type { FileEntry } from "../../store/store.ts";

/** What an inventory worker is asked. */
export interface InventoryOrder {
  /** The absolute path of a folder, and of the file for what inventories learn. */
  readonly location: string;
  readonly cache?: string;
  /** Whatever was learnt before. */
  readonly fresh?: boolean;
}

/** An inventory as few large values: objects one by one take longer to hand over than to list. */
export interface PackedInventory {
  /** Separated by line feeds, which no name holds. */
  readonly names: string;
  /** Numbers of `FILE_KINDS`. */
  readonly kinds: Uint8Array;
  /** Bytes. */
  readonly sizes: Float64Array;
  /** Milliseconds since the Unix epoch; NaN: none is known, −∞: a part of an object. */
  readonly times: Float64Array;
  /** Milliseconds since the Unix epoch; NaN: none is known. */
  readonly changes: Float64Array;
}

/** What it answers. */
export type InventoryReport =
  | (PackedInventory & {
    /** Symbolic links that were met, by name. */
    readonly links: readonly string[];
  })
  | { readonly error: string };

/** Packs entries. */
export function pack(entries: readonly FileEntry[]): PackedInventory {
  const kinds = new Uint8Array(entries.length);
  const sizes = new Float64Array(entries.length);
  const times = new Float64Array(entries.length);
  const changes = new Float64Array(entries.length);
  for (const [at, { kind, size, modifiedAt, changedAt, partial }] of entries.entries()) {
    kinds[at] = FILE_KINDS.indexOf(kind);
    changes[at] = changedAt ?? NaN;
    sizes[at] = size;
    times[at] = partial ? -Infinity : modifiedAt ?? NaN;
  }
  return { names: entries.map(({ name }) => name).join("\n"), kinds, sizes, times, changes };
}

/** The entries by name. */
export function unpack({ names, kinds, sizes, times, changes }: PackedInventory): Map<string, FileEntry> {
  const entries = new Map<string, FileEntry>();
  if (sizes.length === 0) return entries;
  for (const [at, name] of names.split("\n").entries()) {
    const [kind, size] = [FILE_KINDS[kinds[at]], sizes[at]];
    const time = times[at];
    if (time === -Infinity) entries.set(name, { name, kind, size, partial: true });
    else {
      const changedAt = Number.isNaN(changes[at]) ? undefined : changes[at];
      entries.set(name, { name, kind, size, modifiedAt: Number.isNaN(time) ? undefined : time, changedAt });
    }
  }
  return entries;
}
