import { AmbiguousError, messageOf, NotFoundError } from "../base/errors.ts";
import { isIdV0 } from "../base/ids.ts";
import { didYouMean } from "../base/suggest.ts";
import { type ExperimentDefinition, parseExperiment } from "../format/definition.ts";
import { parseV0 } from "../format/v0.ts";
import { logNameOf } from "../format/names.ts";
import type { Entry, Store } from "../store/store.ts";
import type { Catalogue, Listed } from "./catalogue.ts";
import { Experiment } from "./experiment.ts";
import type { Problem } from "./problem.ts";
import type { Run } from "./run.ts";

/** Which experiments to list. */
export interface ListOptions {
  readonly signal?: AbortSignal;
  readonly only?: (definition: ExperimentDefinition) => boolean;
}

/** A set of experiments, for reading. */
export class Repository {
  /** Damage met while listing; what is damaged is left out of the lists. */
  readonly problems: Problem[] = [];

  constructor(
    readonly store: Store,
    /** 0: made by the Python package `dbxlogger`, without `dbx.json`. */
    readonly version: 0 | 1,
    /** The id of the repository; version 0 has none. */
    readonly id?: string,
    /** What earlier listings knew. */
    readonly catalogue?: Catalogue,
  ) {}

  get location(): string {
    return this.store.location;
  }

  /** Adds a problem once. */
  report(problem: Problem): void {
    if (!this.problems.some((other) => other.path === problem.path && other.message === problem.message)) {
      this.problems.push(problem);
    }
  }

  /**
   * Every experiment, in no order. A damaged one is left out and named in `problems`.
   *
   * @param options `only`: leaves out those whose definition it refuses; they cost next to nothing then where a catalogue
   * knows them.
   */
  async *experiments(options: ListOptions = {}): AsyncIterableIterator<Experiment> {
    for await (const experiment of this.#below("", options)) {
      if (options.only === undefined || options.only(experiment.definition)) yield experiment;
    }
  }

  async *#below(folder: string, options: ListOptions): AsyncIterableIterator<Experiment> {
    for await (const entry of this.store.list(folder, options)) {
      if (entry.kind !== "folder" || entry.name.startsWith(".")) continue;
      if (folder === "" && entry.name === "objects") continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (!isIdV0(entry.name)) {
        yield* this.#below(path, options);
        continue;
      }
      const definition = options.only && this.catalogue?.definition(path);
      if (definition !== undefined && !options.only!(definition)) continue;
      const changedAt = this.catalogue && (await this.store.stat(path))?.modifiedAt;
      const known = changedAt && this.catalogue?.experiment(path, changedAt);
      if (known) {
        yield this.#made(path, known);
        continue;
      }
      const inside = await Array.fromAsync(this.store.list(path));
      if (inside.some((file) => file.name === "meta.json" || file.name === "runs" || logNameOf(file.name))) {
        const listed = await this.#load(path, entry.name, inside);
        if (listed === undefined) continue;
        if (changedAt) this.catalogue?.keepExperiment(path, changedAt, listed);
        yield this.#made(path, listed);
      } else yield* this.#below(path, options);
    }
  }

  #made(folder: string, { definition, runV0, mayHaveNotes }: Listed): Experiment {
    return new Experiment(this, definition, folder, runV0, mayHaveNotes);
  }

  async #load(folder: string, id: string, inside: readonly Entry[]): Promise<Listed | undefined> {
    const path = `${folder}/meta.json`;
    try {
      const listed = inside.some((entry) => entry.name === "meta.json" && entry.kind === "file");
      const text = new TextDecoder().decode(await this.store.read(path, { listed }));
      const isV0 = this.version === 0 || inside.some((entry) => logNameOf(entry.name) !== undefined);
      const mayHaveNotes = inside.some((entry) => entry.name === "notes");
      if (!isV0) return { definition: parseExperiment(text, { path }), mayHaveNotes };
      const { experiment, run } = parseV0(text, { path, id });
      return { definition: experiment, runV0: run, mayHaveNotes };
    } catch (error) {
      this.report({ path, kind: "bad-definition", message: messageOf(error), severity: "damage" });
    }
  }

  /** The experiment whose id starts with `prefix`. Throws `NotFoundError` or `AmbiguousError`. */
  async findExperiment(prefix: string): Promise<Experiment> {
    const all = await Array.fromAsync(this.experiments());
    return pick("experiment", prefix, all, (experiment) => experiment.id, this.location, describe);
  }

  /**
   * The run whose id starts with `prefix`; `exp/run` looks in one experiment only; the prefix of an experiment's id
   * means its latest run. Throws `NotFoundError` or `AmbiguousError`.
   */
  async findRun(prefix: string): Promise<Run> {
    const [exp, run] = prefix.split("/");
    const all = await Array.fromAsync(this.experiments());
    if (run !== undefined) {
      const experiment = pick("experiment", exp, all, (item) => item.id, this.location, describe);
      return pick(
        "run",
        run,
        await experiment.runs(),
        (item) => item.id,
        `experiment ${experiment.id}`,
        (item) => item.id,
      );
    }
    const candidates: { id: string; run?: Run; experiment: Experiment }[] = [];
    for (const experiment of all) {
      candidates.push({ id: experiment.id, experiment });
      if (experiment.version === 0) continue;
      for (const item of await experiment.runs()) candidates.push({ id: item.id, run: item, experiment });
    }
    const found = pick(
      "experiment or run",
      prefix,
      candidates,
      (item) => item.id,
      this.location,
      (item) => item.run === undefined ? describe(item.experiment) : `${item.id}  a run of ${item.experiment.id}`,
    );
    const latest = found.run ?? (await found.experiment.runs()).at(-1);
    if (latest === undefined) throw new NotFoundError(`Cannot find a run of experiment "${found.id}": it has none yet`);
    return latest;
  }
}

function describe(experiment: Experiment): string {
  return [experiment.id, experiment.kind, experiment.name].filter((part) => part !== "").join("  ");
}

function pick<T>(
  what: string,
  prefix: string,
  items: readonly T[],
  idOf: (item: T) => string,
  where: string,
  line: (item: T) => string,
): T {
  const fits = items.filter((item) => idOf(item) === prefix);
  if (fits.length === 0 && prefix !== "") fits.push(...items.filter((item) => idOf(item).startsWith(prefix)));
  if (fits.length === 1) return fits[0];
  if (fits.length === 0) {
    const hint = didYouMean(prefix, items.map((item) => idOf(item).slice(0, Math.max(prefix.length, 1))));
    throw new NotFoundError(
      `Cannot find the ${what} "${prefix}" in ${where}: no id starts so${hint || "; see dbx ls"}`,
    );
  }
  const candidates = fits.map(line);
  const shown = candidates.slice(0, 10).map((text) => `\n  ${text}`).join("");
  const more = candidates.length > 10 ? `\n  … and ${candidates.length - 10} more` : "";
  throw new AmbiguousError(
    `Cannot choose the ${what} "${prefix}": ${fits.length} ids start so:${shown}${more}`,
    candidates,
  );
}
