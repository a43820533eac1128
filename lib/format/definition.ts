import { DamageError, messageOf, VersionError } from "../base/errors.ts";
import { isId } from "../base/ids.ts";
import { isObject, type JsonObject } from "../base/json.ts";

/** The version of the repository format that this program writes. */
export const FORMAT_VERSION = 1;

/** What an experiment is: it never changes. */
export interface ExperimentDefinition {
  id: string;
  kind: string;
  /** `""`: none. */
  name: string;
  params: JsonObject;
  /** Milliseconds since the Unix epoch; NaN where version 0 does not say. */
  createdAt: number;
  /** Custom keys. */
  extra: JsonObject;
}

/** What a run is: it never changes. */
export interface RunDefinition {
  id: string;
  /** Milliseconds since the Unix epoch; NaN where version 0 does not say. */
  createdAt: number;
  cmd?: string[];
  pwd?: string;
  script?: string;
  hostname?: string;
  env?: Record<string, string>;
  git?: JsonObject;
  /** Custom keys. */
  extra: JsonObject;
}

/** Text of a definition or marker file: one object, indented, ended by a line feed. */
function serialize(object: Record<string, unknown>): string {
  return JSON.stringify(object, null, 2) + "\n";
}

/** `meta.json` of an experiment. */
export function serializeExperiment(d: ExperimentDefinition): string {
  const { id, kind, name, params, createdAt, extra } = d;
  return serialize({ id, kind, name, params, createdAt: iso(createdAt), ...without(extra, EXPERIMENT_KEYS) });
}

/** `meta.json` of a run. */
export function serializeRun(d: RunDefinition): string {
  const { id, createdAt, cmd, pwd, script, hostname, env, git, extra } = d;
  return serialize({
    id,
    createdAt: iso(createdAt),
    cmd,
    pwd,
    script,
    hostname,
    env,
    git,
    ...without(extra, RUN_KEYS),
  });
}

/** `dbx.json`. */
export function serializeMarker(marker: { readonly id: string; readonly createdAt: number }): string {
  return JSON.stringify({ dbx: FORMAT_VERSION, id: marker.id, createdAt: iso(marker.createdAt) }) + "\n";
}

/** Reads `dbx.json`. Throws `VersionError` on a version that this program does not know. */
export function parseMarker(text: string, path = "dbx.json"): { version: 1; id: string; createdAt: number } {
  const json = parseObject(text, path);
  if (json.dbx !== FORMAT_VERSION) {
    throw new VersionError(
      `Cannot open the repository: ${path} says version ${
        JSON.stringify(json.dbx)
      }, this dbx knows version ${FORMAT_VERSION}; use a newer dbx`,
    );
  }
  if (typeof json.id !== "string" || !isId(json.id)) throw damage(path, "`id` is not an id");
  return { version: 1, id: json.id, createdAt: time(json.createdAt, path) };
}

const EXPERIMENT_KEYS = ["id", "kind", "name", "params", "createdAt"];
const RUN_KEYS = ["id", "createdAt", "cmd", "pwd", "script", "hostname", "env", "git"];

/** Reads `meta.json` of an experiment. */
export function parseExperiment(text: string, path: string): ExperimentDefinition {
  const json = parseObject(text, path);
  if (typeof json.id !== "string" || !isId(json.id)) throw damage(path, "`id` is not an id");
  return {
    ...experimentOf(json, path),
    id: json.id,
    createdAt: time(json.createdAt, path),
    extra: without(json, EXPERIMENT_KEYS),
  };
}

/** Reads `meta.json` of a run. */
export function parseRun(text: string, path: string): RunDefinition {
  const json = parseObject(text, path);
  if (typeof json.id !== "string" || !isId(json.id)) throw damage(path, "`id` is not an id");
  return { id: json.id, createdAt: time(json.createdAt, path), ...runOf(json), extra: without(json, RUN_KEYS) };
}

/** Reads `meta.json` of version 0: an experiment and its one run. `id` is the folder's, should the file have none. */
export function parseV0(
  text: string,
  path: string,
  id: string,
): { experiment: ExperimentDefinition; run: RunDefinition } {
  const json = parseObject(text, path);
  const createdAt = json.createdAt === undefined ? NaN : time(json.createdAt, path);
  const own = typeof json.id === "string" ? json.id : id;
  const extra = without(json, [...EXPERIMENT_KEYS, ...RUN_KEYS]);
  return {
    experiment: { ...experimentOf(json, path), id: own, createdAt, extra },
    run: { id: own, createdAt, ...runOf(json), extra: {} },
  };
}

function experimentOf(json: JsonObject, path: string): Pick<ExperimentDefinition, "kind" | "name" | "params"> {
  const { kind = "", name = "", params = {} } = json;
  if (typeof kind !== "string") throw damage(path, "`kind` is not a text");
  if (name !== null && typeof name !== "string") throw damage(path, "`name` is not a text");
  if (params !== null && !isObject(params)) throw damage(path, "`params` is not an object");
  return { kind, name: name ?? "", params: (params ?? {}) as JsonObject };
}

function runOf(json: JsonObject): Omit<RunDefinition, "id" | "createdAt" | "extra"> {
  const text = (value: unknown) => typeof value === "string" ? value : undefined;
  const cmd = typeof json.cmd === "string" ? [json.cmd] : Array.isArray(json.cmd) ? json.cmd.map(String) : undefined;
  const env = isObject(json.env)
    ? Object.fromEntries(Object.entries(json.env).map(([key, value]) => [key, String(value)]))
    : undefined;
  const git = isObject(json.git) ? json.git as JsonObject : undefined;
  return { cmd, pwd: text(json.pwd), script: text(json.script), hostname: text(json.hostname), env, git };
}

function parseObject(text: string, path: string): JsonObject {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw damage(path, `not JSON (${messageOf(error)})`);
  }
  if (!isObject(json)) throw damage(path, "not a JSON object");
  return json as JsonObject;
}

function damage(path: string, why: string): DamageError {
  return new DamageError(`Cannot read "${path}": ${why}; restore it from another copy`, { path });
}

function iso(ms: number): string | undefined {
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function time(value: unknown, path: string): number {
  const ms = typeof value === "number" ? value : typeof value === "string" ? Date.parse(value) : NaN;
  if (Number.isNaN(ms)) throw damage(path, "`createdAt` is not a time");
  return ms;
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
