import type { Store } from "../store.ts";

/** What every store must do. */
export interface Obligation {
  readonly title: string;
  /** Throws where a store, which is empty before, does not do so. */
  run(store: Store): Promise<void>;
}

/** Names such as repositories have: a server takes no others. */
export const EXPERIMENT = "a/0000000000exp";
export const RUN = `${EXPERIMENT}/runs/0000000000run`;
export const META = `${EXPERIMENT}/meta.json`;
export const LOG = `${RUN}/log.jsonl`;

/** What stands in a folder of a store, sorted. */
export async function entriesIn(store: Store, folder: string): Promise<string[]> {
  return (await Array.fromAsync(store.list(folder))).map(({ kind, name }) => `${kind}:${name}`).sort();
}
