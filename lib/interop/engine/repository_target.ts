import { AlreadyExistsError, DamageError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import { parentOf } from "../../base/paths.ts";
import { parseExperiment, serializeExperiment } from "../../format/definitions/definition.ts";
import { definitionFile, experimentFolder, logNameOf, notesFolder, runFolder } from "../../format/layout/names.ts";
import { encodeValue } from "../../format/json/value.ts";
import { createExperiment, createRun } from "../../logger/create.ts";
import { appendNote } from "../../logger/notes.ts";
import { keptEnvironment } from "../../redact/environment.ts";
import { Redactor } from "../../redact/redactor.ts";
import { LogReader } from "../../repo/logs/log_reader.ts";
import { Repository } from "../../repo/repository.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import { checkNotPurged, PurgedError } from "../../store/local/purge/tombstones.ts";
import type { RunRecord } from "../foreign.ts";
import { experimentId, experimentName, runId } from "./names.ts";
import type { BegunRun, ImportTarget, RunPlace } from "./target.ts";

/** How experiments are made. */
export interface RepositoryTargetOptions {
  /** The reader's kind. */
  readonly tool: string;
  /** The kind of all experiments; default: as the source says. */
  readonly kind?: string;
  /** Tags for all experiments, beside their own. */
  readonly tags: readonly string[];
  readonly dryRun: boolean;
}

/** Makes an experiment for each run of a source, with ids that follow from it. */
export class RepositoryTarget implements ImportTarget {
  readonly ownsRuns = true;
  readonly #redactor = new Redactor({});
  #places: Map<string, string> | undefined;

  constructor(readonly store: LocalStore, readonly options: RepositoryTargetOptions) {}

  log(name: string): string {
    return name;
  }

  async begin(record: RunRecord): Promise<BegunRun | undefined> {
    const { tool, dryRun, tags } = this.options;
    const experiment = record.id ?? experimentId(tool, record.experiment ?? record.key);
    const id = record.id ?? runId(tool, record.key);
    const name = experimentName(record.name);
    const known = await this.#folderOf(experiment);
    const folder = known ?? experimentFolder({ name, id: experiment });
    const place: RunPlace = { experiment, run: id, folder: runFolder(folder, id) };
    const isNew = known === undefined || this.store.look(definitionFile(place.folder)) === undefined;
    try {
      checkNotPurged(this.store.folder, definitionFile(place.folder));
    } catch (error) {
      if (error instanceof PurgedError) return undefined;
      throw error;
    }
    const remarks: string[] = [];
    if (!dryRun) {
      const definition = await this.#define(record, experiment, name, folder, known !== undefined);
      if (definition !== undefined) remarks.push(definition);
      if (isNew) await this.#makeRun(record, folder, id);
      await this.#note(folder, [...record.tags ?? [], ...tags], record.notes ?? [], known === undefined);
    }
    return { place, isNew, remarks };
  }

  /** Makes the experiment, or says how the one that is there differs. */
  async #define(
    record: RunRecord,
    id: string,
    name: string,
    folder: string,
    isKnown: boolean,
  ): Promise<string | undefined> {
    const wanted = {
      id,
      keepsId: record.id !== undefined,
      name,
      kind: this.options.kind ?? record.kind,
      params: record.params as JsonObject,
      createdAt: timeOf(record),
      extra: (record.extra ?? {}) as JsonObject,
    };
    try {
      if (!isKnown) {
        await createExperiment(this.store, wanted);
        this.#places!.set(id, folder);
        return undefined;
      }
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error;
    }
    // Several runs of one experiment may have other params each; the first one's define it.
    if (record.experiment !== undefined && record.experiment !== record.key) return undefined;
    const path = definitionFile(folder);
    try {
      const there = parseExperiment(new TextDecoder().decode(this.store.readNow(path)), { path, id });
      const asWritten = parseExperiment(serializeExperiment(wanted), { path, id });
      if (JSON.stringify(there.params) === JSON.stringify(asWritten.params)) return undefined;
      return "its params have changed since it was imported; definitions never change, so the first ones stay";
    } catch (error) {
      if (error instanceof DamageError) return `its definition is damaged: ${error.message}`;
      throw error;
    }
  }

  async #makeRun(record: RunRecord, folder: string, id: string): Promise<void> {
    const { cmd, pwd, script, hostname, env, git } = record;
    try {
      await createRun(this.store, folder, {
        id,
        createdAt: timeOf(record),
        cmd: cmd && this.#redactor.words(cmd),
        pwd: pwd && this.#redactor.text(pwd),
        script,
        hostname,
        env: env && keptEnvironment(env, "all", this.#redactor),
        git: git && encodeValue({ ...git, remote: git.remote && this.#redactor.remote(git.remote) }) as JsonObject,
        extra: (record.runExtra ?? {}) as JsonObject,
      });
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error;
    }
  }

  /** Adds tags and notes that nobody has ever said of the experiment: one that was taken away stays away. */
  async #note(folder: string, tags: readonly string[], notes: readonly string[], isNew: boolean): Promise<void> {
    if (tags.length === 0 && notes.length === 0) return;
    const said = isNew ? new Set<string>() : await this.#said(folder);
    for (const tag of new Set(tags)) {
      if (!said.has(`tag ${tag}`)) await appendNote(this.store, folder, "dbx/tag", { tag });
    }
    for (const text of notes) if (!said.has(`note ${text}`)) await appendNote(this.store, folder, "dbx/note", { text });
  }

  async #said(folder: string): Promise<Set<string>> {
    const said = new Set<string>();
    const notes = notesFolder(folder);
    for (const { name } of this.store.listNow(notes)) {
      const log = logNameOf(name);
      if (log === undefined) continue;
      for await (const batch of new LogReader(this.store, notes, log).batches()) {
        for (const { data } of batch) {
          if (typeof data.tag === "string") said.add(`tag ${data.tag}`);
          if (typeof data.text === "string") said.add(`note ${data.text}`);
        }
      }
    }
    return said;
  }

  /** Where the experiment of an id is; it may be in another folder, if the source has renamed it since. */
  async #folderOf(id: string): Promise<string | undefined> {
    if (this.#places === undefined) {
      this.#places = new Map();
      for await (const place of new Repository(this.store, 1).places()) this.#places.set(place.id, place.folder);
    }
    return this.#places.get(id);
  }
}

function timeOf({ createdAt }: RunRecord): number {
  return Number.isFinite(createdAt) && Math.abs(createdAt) <= 253402300799999 ? Math.max(0, Math.floor(createdAt)) : 0;
}

/** The folder of the experiment that a run's folder belongs to. */
export function experimentOf({ folder }: RunPlace): string {
  return parentOf(parentOf(folder));
}
