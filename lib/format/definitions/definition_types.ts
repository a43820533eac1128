import type { JsonObject } from "../../base/json.ts";

/** What an experiment is; it never changes. */
export interface ExperimentDefinition {
  id: string;
  /** What sort of experiment: users group by it. */
  kind: string;
  /** The folders that it lies in, separated by `/`; `""` for none. */
  name: string;
  params: JsonObject;
  /** Milliseconds since the Unix epoch; NaN where a v0 definition does not say. */
  createdAt: number;
  /** Further keys of the definition. */
  extra: JsonObject;
}

/** What one execution of an experiment is; it never changes. */
export interface RunDefinition {
  id: string;
  /** Milliseconds since the Unix epoch; NaN where a v0 definition does not say. */
  createdAt: number;
  /** The program and its arguments. */
  cmd?: string[];
  /** The working folder. */
  pwd?: string;
  script?: string;
  hostname?: string;
  env?: Record<string, string>;
  git?: JsonObject;
  /** Further keys of the definition. */
  extra: JsonObject;
}
