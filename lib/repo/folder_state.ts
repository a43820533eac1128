import type { Stat } from "../store/store.ts";

/** In which state a folder was found. Equal keys: it is the same folder, and nothing has come or gone since. */
export interface FolderState {
  readonly key: string;
  /** When it changed last, in milliseconds since the Unix epoch. */
  readonly at: number;
}

/** The state of a folder; undefined where there is none, or where the store does not tell. */
export function folderState(stat: Stat | undefined): FolderState | undefined {
  if (stat?.modifiedAt === undefined) return undefined;
  const { modifiedAt, changedAt, identity } = stat;
  return { key: `${identity ?? ""} ${modifiedAt} ${changedAt ?? ""}`, at: Math.max(modifiedAt, changedAt ?? 0) };
}
