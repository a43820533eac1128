import { createHash } from "node:crypto";
import { isObject, type Json } from "../../base/json.ts";
import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { replaceFile } from "../../fs/files/atomic_file.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import type { ProblemRecord } from "../foreign.ts";
import type { RunPlace } from "./target.ts";

const FOLDER = `${LOCAL_FOLDER}/import`;

/** Where reading of one source ended. */
export interface SourcePosition {
  /** The reader's own. */
  readonly state: Json;
  /** How far the logs reach that came from it, in bytes, by their files. */
  readonly logs: Readonly<Record<string, number>>;
  /** Damaged places before it, which a later import does not read again. */
  readonly problems?: readonly ProblemRecord[];
}

/** A run that was begun, with what is said of it. */
export interface KnownRun extends RunPlace {
  readonly kind: string;
  readonly name: string;
  readonly createdAt: number;
}

/**
 * How far a source was imported: a cache in this copy of the repository. Without it everything is read again, and nothing
 * comes twice, because logs are compared with what is there.
 */
export class Positions {
  readonly sources = new Map<string, SourcePosition>();
  readonly runs = new Map<string, KnownRun>();
  readonly #file: string | undefined;

  /** `what`: the kind, the path and all options on which the contents depend; undefined: nothing is kept. */
  constructor(readonly store: LocalStore, what: readonly string[] | undefined) {
    this.#file = what &&
      `${FOLDER}/${createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 32)}.json`;
  }

  /** Reads what an earlier import kept. A source of which a log is shorter than it was is to be read again. */
  load(): void {
    if (this.#file === undefined) return;
    try {
      const json: unknown = JSON.parse(this.store.folder.readText(this.#file));
      if (!isObject(json) || json.version !== 1) return;
      for (const [key, place] of json.runs as [string, KnownRun][]) this.runs.set(key, place);
      for (const [name, position] of json.sources as [string, SourcePosition][]) {
        const isThere = Object.entries(position.logs).every(([log, size]) => (this.store.look(log)?.size ?? 0) >= size);
        if (isThere) this.sources.set(name, position);
      }
    } catch {
      // It is not there, or of no use.
      this.runs.clear();
      this.sources.clear();
    }
  }

  /** Keeps it for the next import. */
  save(): void {
    if (this.#file === undefined) return;
    this.store.folder.makeFolder(FOLDER);
    const json = { version: 1, runs: [...this.runs], sources: [...this.sources] };
    replaceFile(this.store.folder, this.#file, JSON.stringify(json), { durable: false });
  }
}
