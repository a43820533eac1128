import { messageOf } from "../../base/errors.ts";
import { FolderPrefixes } from "../../interop/engine/folder_prefixes.ts";
import { importOnce } from "../../interop/engine/import.ts";
import { OneRunTarget } from "../../interop/engine/one_run_target.ts";
import { Positions } from "../../interop/engine/positions.ts";
import type { RunPlace } from "../../interop/engine/target.ts";
import { pathExists, sourceFiles } from "../../interop/files/source_files.ts";
import type { ForeignReader } from "../../interop/foreign.ts";
import { READERS } from "../../interop/readers.ts";
import type { LocalStore } from "../../store/local/local_store.ts";

/** What is followed: the files of these are only ever extended. */
const KINDS = ["tensorboard", "wandb"] as const;

/** Milliseconds between two looks. */
const LOOK_MS = 1000;

/** A folder with one kind of files. */
interface Followed {
  readonly path: string;
  readonly reader: ForeignReader;
  readonly positions: Positions;
  readonly prefixes: FolderPrefixes;
  readonly isOld: ReadonlySet<string>;
}

/**
 * Follows the files of TensorBoard and W&B that a command writes in some folders, in whatever language: what they say becomes
 * events of its run. Files that were there before belong to others.
 */
export class FollowedFolders {
  readonly #said = new Set<string>();
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  private constructor(
    readonly store: LocalStore,
    readonly place: RunPlace,
    readonly followed: readonly Followed[],
    readonly say: (message: string) => void,
  ) {}

  /** `paths`: absolute; the command may make them. */
  static async start(
    store: LocalStore,
    place: RunPlace,
    paths: readonly string[],
    say: (message: string) => void,
  ): Promise<FollowedFolders> {
    const followed: Followed[] = [];
    for (const path of new Set(paths)) {
      const names = await pathExists(path) ? (await sourceFiles(path, isFollowed)).map(({ name }) => name) : [];
      for (const kind of KINDS) {
        const reader = await READERS[kind]();
        const isOld = new Set(names);
        followed.push({
          path,
          reader,
          isOld,
          positions: new Positions(store, undefined),
          prefixes: new FolderPrefixes(),
        });
      }
    }
    const folders = new FollowedFolders(store, place, followed, say);
    folders.#loop = folders.#follow();
    return folders;
  }

  /** Reads what is left. The command has ended. */
  async finish(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    for (const one of this.followed) await this.#look(one, false);
  }

  async #follow(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      for (const one of this.followed) await this.#look(one, true);
      await this.#pause();
    }
  }

  async #look({ path, reader, positions, prefixes, isOld }: Followed, mayGrow: boolean): Promise<void> {
    try {
      if (!await pathExists(path)) return;
      const target = new OneRunTarget(reader.kind, this.place);
      const { problems } = await importOnce(this.store, reader, path, target, positions, {
        dryRun: false,
        mayGrow,
        takes: (name) => !isOld.has(name),
        prefixOf: (folder) => prefixes.of(folder),
      });
      for (const { file, what, isWaiting } of problems) if (!isWaiting || !mayGrow) this.#sayOnce(`${file}: ${what}`);
    } catch (error) {
      // The command goes on, and another look may succeed.
      this.#sayOnce(`${path}: ${messageOf(error)}`);
    }
  }

  #sayOnce(message: string): void {
    if (this.#said.has(message) || this.#said.size > 20) return;
    this.#said.add(message);
    this.say(`--follow ${message}`);
  }

  #pause(): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, LOOK_MS);
      signal.addEventListener("abort", end);
    });
  }
}

function isFollowed(name: string): boolean {
  return name.includes("tfevents") || name.endsWith(".wandb");
}
