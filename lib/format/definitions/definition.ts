import { DamageError, UsageError } from "../../base/errors.ts";
import { isIdV0 } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import type { ExperimentDefinition, RunDefinition } from "./definition_types.ts";
import {
  field,
  fieldsBeside,
  isJsonObject,
  isoTime,
  isText,
  isTextObject,
  isTexts,
  parseObject,
  parseTime,
} from "../json/fields.ts";
import { encodeValue } from "../json/value.ts";

export type { ExperimentDefinition, RunDefinition } from "./definition_types.ts";
export {
  FORMAT_VERSION,
  parseRepositoryConfig,
  type RepositoryConfig,
  serializeRepositoryConfig,
} from "./repository_config.ts";
export { parseV0 } from "./v0.ts";

const EXPERIMENT_KEYS = ["id", "kind", "name", "params", "createdAt"];
const RUN_KEYS = ["id", "createdAt", "cmd", "pwd", "script", "hostname", "env", "git"];

/** Where a definition stands. */
type DefinitionPlace = Readonly<{ path: string; id?: string }>;

/** The text of an experiment's `meta.json`. */
export function serializeExperiment(definition: Readonly<ExperimentDefinition>): string {
  const { id, kind, name, params, createdAt, extra } = definition;
  return serialize({ id, kind, name, params, createdAt: isoTime(createdAt) }, extra, EXPERIMENT_KEYS);
}

/**
 * The experiment that a `meta.json` defines.
 *
 * @param at `path`: the file, for messages. `id`: that of its folder, which counts where the text says another.
 * @throws {DamageError} Where the text is not one.
 */
export function parseExperiment(text: string, { path, id }: DefinitionPlace): ExperimentDefinition {
  const fields = parseObject(text, path);
  return {
    id: parseId(fields, path, id),
    kind: field(fields, "kind", path, isText, "a text") ?? "",
    name: field(fields, "name", path, isText, "a text") ?? "",
    params: field(fields, "params", path, isJsonObject, "an object") ?? {},
    createdAt: parseTime(fields, path),
    extra: fieldsBeside(fields, EXPERIMENT_KEYS),
  };
}

/**
 * The params alone, of a text that {@linkcode parseExperiment} has read before. Throws `DamageError` if it is not JSON.
 */
export function parseParams(text: string, { path }: DefinitionPlace): JsonObject {
  const { params } = parseObject(text, path);
  return params !== undefined && isJsonObject(params) ? params : {};
}

/** The text of a run's `meta.json`. */
export function serializeRun(definition: Readonly<RunDefinition>): string {
  const { id, createdAt, cmd, pwd, script, hostname, env, git, extra } = definition;
  return serialize({ id, createdAt: isoTime(createdAt), cmd, pwd, script, hostname, env, git }, extra, RUN_KEYS);
}

/**
 * The run that a `meta.json` defines.
 *
 * @param at As of {@linkcode parseExperiment}.
 * @throws {DamageError} Where the text is not one.
 */
export function parseRun(text: string, { path, id }: DefinitionPlace): RunDefinition {
  const fields = parseObject(text, path);
  const run: RunDefinition = {
    id: parseId(fields, path, id),
    createdAt: parseTime(fields, path),
    extra: fieldsBeside(fields, RUN_KEYS),
  };
  const cmd = field(fields, "cmd", path, isTexts, "a list of texts");
  const env = field(fields, "env", path, isTextObject, "an object of texts");
  const git = field(fields, "git", path, isJsonObject, "an object");
  if (cmd !== undefined) run.cmd = cmd;
  for (const key of ["pwd", "script", "hostname"] as const) {
    const text = field(fields, key, path, isText, "a text");
    if (text !== undefined) run[key] = text;
  }
  if (env !== undefined) run.env = env;
  if (git !== undefined) run.git = git;
  return run;
}

function serialize(known: Record<string, unknown>, extra: JsonObject, reserved: readonly string[]): string {
  const taken = Object.keys(extra).find((key) => reserved.includes(key));
  if (taken !== undefined) {
    throw new UsageError(`Cannot add the key "${taken}" to a definition: dbx uses it itself; choose another name.`);
  }
  return JSON.stringify(encodeValue({ ...known, ...extra }), undefined, 2) + "\n";
}

function parseId(fields: JsonObject, path: string, folder: string | undefined): string {
  const id = field(fields, "id", path, isText, "a text");
  if (id === undefined || !isIdV0(id)) {
    throw new DamageError(`Cannot read "${path}": its "id" is not an id (13 characters of 0-9a-z).`, { path });
  }
  return folder ?? id;
}
