import type { Store } from "../../store/store.ts";
import type { IndexFiles } from "../state/index_files.ts";
import type { IndexState } from "../state/index_state.ts";
import { publishPacks } from "./publish_packs.ts";

const decoder = new TextDecoder();

/** An index that others write packs for. No other process writes it until this is disposed. */
export class PackIntake implements Disposable {
  /** @param isOther Whether another process has written it since it was loaded. */
  private constructor(
    readonly store: Store,
    readonly state: IndexState,
    readonly lock: Disposable,
    readonly isOther: boolean,
  ) {}

  /** Undefined where nothing can be written. */
  static async begin(store: Store, state: IndexState, signal?: AbortSignal): Promise<PackIntake | undefined> {
    const lock = await state.files?.lock(signal);
    if (lock === undefined) return undefined;
    try {
      const isOther = state.files!.changed();
      state.load();
      return new PackIntake(store, state, lock, isOther);
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  /** Where packs are written. */
  get files(): IndexFiles {
    return this.state.files!;
  }

  /** The folders in which the index knows logs, relative to the repository. */
  folders(): Set<string> {
    const all = new Set<string>();
    for (const { directory } of this.state.packs) {
      const { folders: { end, length }, letters: { byte } } = directory;
      for (let at = 0; at < length; at++) all.add(decoder.decode(byte.subarray(at === 0 ? 0 : end[at - 1], end[at])));
    }
    return all;
  }

  /** Takes packs that were written, by the names of their files. */
  async publish(names: readonly string[], signal?: AbortSignal): Promise<void> {
    await publishPacks(this.store, this.state, names, signal);
  }

  [Symbol.dispose](): void {
    this.lock[Symbol.dispose]();
  }
}
