import { UsageError } from "../base/errors.ts";
import { isId, isIdV0, newId } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import {
  type ExperimentDefinition,
  type RunDefinition,
  serializeExperiment,
  serializeRun,
} from "../format/definitions/definition.ts";
import { checkExperimentName, definitionFile, experimentFolder, runFolder } from "../format/layout/names.ts";
import type { Store, WriteOptions } from "../store/store.ts";

/** What a new experiment is made of. */
export interface NewExperiment {
  readonly kind?: string;
  readonly name?: string;
  readonly params?: JsonObject;
  /** Default: a new one. */
  readonly id?: string;
  /** Whether the id was given by a program that may have written version 0, whose ids have more characters. */
  readonly keepsId?: boolean;
  readonly createdAt?: number;
  /** Custom keys. */
  readonly extra?: JsonObject;
}

/** Makes an experiment durably. Rejects with `AlreadyExistsError` where its id is taken. */
export async function createExperiment(
  store: Store,
  wanted: NewExperiment,
  options?: WriteOptions,
): Promise<{ definition: ExperimentDefinition; folder: string }> {
  const { kind = "", name = "", params = {}, id = newId(), createdAt = Date.now(), extra = {} } = wanted;
  checkExperimentName(name);
  if (!isId(id) && !(wanted.keepsId && isIdV0(id))) {
    throw new UsageError(`Cannot make the experiment "${id}": an id consists of 13 characters of 0-9a-z`);
  }
  const definition: ExperimentDefinition = { id, kind, name, params, createdAt, extra };
  const folder = experimentFolder(definition);
  await store.create(definitionFile(folder), new TextEncoder().encode(serializeExperiment(definition)), options);
  return { definition, folder };
}

/** Refuses an experiment that can have no further run: one of v0 is its run. */
export function checkExtendable(experiment: { readonly id: string; readonly version: 0 | 1 }): void {
  if (experiment.version === 1) return;
  throw new UsageError(
    `Cannot add a run to experiment "${experiment.id}": it is in format v0, which allows only one run; start a new experiment`,
  );
}

/** @throws {UsageError} For what is not the id of a run. */
export function checkRunId(id: string): void {
  if (!isId(id)) throw new UsageError(`Cannot make the run "${id}": an id consists of 13 characters of 0-9a-z`);
}

/** Makes a run of an experiment durably. `experiment`: the experiment's folder. */
export async function createRun(
  store: Store,
  experiment: string,
  wanted: Partial<RunDefinition>,
  options?: WriteOptions,
): Promise<{ definition: RunDefinition; folder: string }> {
  const definition: RunDefinition = { id: newId(), createdAt: Date.now(), extra: {}, ...wanted };
  // One that version 0 made has the id of its experiment.
  const isOfVersion0 = isIdV0(definition.id) && experiment.split("/").at(-1) === definition.id;
  if (!isOfVersion0) checkRunId(definition.id);
  const folder = runFolder(experiment, definition.id);
  await store.create(definitionFile(folder), new TextEncoder().encode(serializeRun(definition)), options);
  return { definition, folder };
}
