import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import type { EnvironmentChoice } from "../redact/environment.ts";
import type { RunLoggerOptions } from "./run_logger.ts";

/** What an experiment is to be. */
export interface ExperimentOptions {
  readonly kind: string;
  readonly name?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Default: a new one. */
  readonly id?: string;
  /** Custom keys of the experiment. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** How a run is recorded. What is not permitted (environment, host, git) is left out. */
export interface RunOptions extends Pick<RunLoggerOptions, "durability" | "now" | "onFinish" | "onWarning" | "strict"> {
  /**
   * Which environment variables to keep: `"none"` or false, `"all"`, or those of a list in which `*` stands for any
   * letters and `default` for those that describe the machine, the job and the libraries. Default true: `{ allow:
   * ["default"] }`. What looks like a secret is redacted in any case.
   */
  readonly env?: boolean | EnvironmentChoice;
  /** Further patterns of what to redact: all that they match, or their group `secret`. */
  readonly redact?: readonly (string | RegExp)[];
  /** Keep commit, branch, uncommitted changes. Default true. */
  readonly git?: boolean;
  readonly cmd?: readonly string[];
  readonly pwd?: string;
  readonly script?: string;
  readonly hostname?: string;
  /** Custom keys of the run. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

const EXPERIMENT_OPTIONS: Record<keyof ExperimentOptions, true> = {
  kind: true,
  name: true,
  params: true,
  id: true,
  extra: true,
};

const RUN_OPTIONS: Record<keyof RunOptions, true> = {
  durability: true,
  now: true,
  onFinish: true,
  onWarning: true,
  strict: true,
  env: true,
  redact: true,
  git: true,
  cmd: true,
  pwd: true,
  script: true,
  hostname: true,
  extra: true,
};

/** @throws {UsageError} For an option that there is not, as a script in JavaScript may give it. */
export function checkExperimentOptions(options: ExperimentOptions): void {
  checkOptions("make the experiment", options, EXPERIMENT_OPTIONS);
  if (typeof options.kind !== "string") {
    throw new UsageError('Cannot make the experiment: the option "kind" must be a string');
  }
}

/** @throws {UsageError} As for experiments. */
export function checkRunOptions(options: RunOptions): void {
  checkOptions("start the run", options, RUN_OPTIONS);
}

function checkOptions(what: string, options: object, known: Readonly<Record<string, true>>): void {
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(known, key)) continue;
    const near = didYouMean(key, Object.keys(known));
    throw new UsageError(
      `Cannot ${what}: there is no option "${key}"${near || '; put keys of your own into "extra"'}`,
    );
  }
}
