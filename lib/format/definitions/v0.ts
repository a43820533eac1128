import { isIdV0 } from "../../base/ids.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import type { ExperimentDefinition, RunDefinition } from "./definition_types.ts";
import { isJsonObject, isText, isTextObject, isTexts, parseObject, readTime } from "../json/fields.ts";
import { V0_MANIFEST_FILE } from "../layout/file_kind.ts";
import { logNameOf } from "../layout/names.ts";

/**
 * The experiment and the one run that the `meta.json` of a v0 experiment defines. Nothing in it is damage but broken
 * JSON: a field of an unexpected type is kept under its key in `extra`. Both have the id of the folder.
 *
 * @param at `path`: the file, from the top of the repository; a missing `name` comes from it. `createdAt`: the time for
 * a definition that holds none, in milliseconds (default NaN).
 * @throws {DamageError} Where the text is not a JSON object.
 */
export function parseV0(
  text: string,
  at: Readonly<{ path: string; id: string; createdAt?: number }>,
): { experiment: ExperimentDefinition; run: RunDefinition } {
  const fields = parseObject(text, at.path);
  const id = at.id;
  delete fields.id;
  const createdAt = v0Time(takeField(fields, "createdAt", isTime)) ?? at.createdAt ?? NaN;
  const run: RunDefinition = { id, createdAt, extra: {} };
  const cmd = takeField(fields, "cmd", isTexts) ?? takeField(fields, "cmd", isText);
  if (cmd !== undefined) run.cmd = typeof cmd === "string" ? [cmd] : cmd;
  for (const key of ["pwd", "script", "hostname"] as const) {
    const value = takeField(fields, key, isText);
    if (value !== undefined) run[key] = value;
  }
  const env = takeField(fields, "env", isTextObject);
  if (env !== undefined) run.env = env;
  const git = takeField(fields, "git", isJsonObject);
  if (git !== undefined) run.git = git;
  for (const key of ["cmd", "pwd", "script", "hostname", "env", "git"]) {
    if (!Object.hasOwn(fields, key)) continue;
    run.extra[key] = fields[key];
    delete fields[key];
  }
  const kind = takeField(fields, "kind", isText) ?? "";
  const name = takeField(fields, "name", isText) ?? nameOf(at.path, id);
  const params = takeField(fields, "params", isJsonObject) ?? {};
  return { experiment: { id, kind, name, params, createdAt, extra: fields }, run };
}

/** Takes a field out if it is of that type; a null is taken out and is nothing. */
function takeField<T extends Json>(fields: JsonObject, key: string, is: (value: Json) => value is T): T | undefined {
  if (!Object.hasOwn(fields, key)) return undefined;
  const value = fields[key];
  if (value !== null && !is(value)) return undefined;
  delete fields[key];
  return value === null ? undefined : value as T;
}

function isTime(value: Json): value is string | number {
  return readTime(value) !== undefined;
}

/** Python's `time.time()` counts seconds; no time of this century in milliseconds is as small. */
function v0Time(value: string | number | undefined): number | undefined {
  if (typeof value === "number" && value < 1e11) return Math.floor(value * 1000);
  return readTime(value);
}

/** The name that the folders say: `a/b` of `a/b/<id>/meta.json`. */
function nameOf(path: string, id: string): string {
  const folders = path.split("/").slice(0, -1);
  if (folders.at(-1) === id) folders.pop();
  return folders.join("/");
}

/** The entries of a folder that show which version an experiment has. */
type Inside = readonly { readonly name: string; readonly kind: string }[];

/**
 * Whether logs, or a registry of files, stand in the folder of an experiment itself, as in v0. Where there are runs
 * too, they are strays.
 */
export function looksLikeV0(inside: Inside): boolean {
  return inside.some(({ name, kind }) =>
    kind === "file" && (logNameOf(name) !== undefined || name === V0_MANIFEST_FILE)
  );
}

/** Whether a run stands in the folder `runs` of an experiment: then it is in format v1, whatever else is beside it. */
export function holdsRuns(runs: Inside): boolean {
  return runs.some(({ name, kind }) => kind === "folder" && isIdV0(name));
}
