import { isTransient } from "../../../../base/errors.ts";
import { pause } from "../../../../base/time.ts";
import type { DescribedSchema } from "../../../../query/describe_schema.ts";
import type { Experiment } from "../../../../repo/experiments/experiment.ts";
import { CurveCache, type CurveQuestion } from "./curves.ts";
import { type Details, readDetails, readOutput } from "./details.ts";
import {
  type ExperimentAnswer,
  type ExperimentRow,
  followExperiments,
  type ListQuestion,
  MAX_LISTED,
  merged,
} from "./experiments.ts";
import { type Facts, followFacts, type SeriesFact } from "./facts.ts";
import { type PrintedProgress, progressIn } from "./printed_progress.ts";
import { progressOf } from "./progress.ts";
import { Refresher } from "./refresher.ts";
import type { TopSource } from "./sources.ts";

/** What the screen shows, and therefore is kept up to date. */
export interface Needs {
  /** Of these the series are followed. */
  readonly rows: readonly ExperimentRow[];
  readonly curves: readonly CurveQuestion[];
  /** Of these definition, environment and so on are shown. */
  readonly details: readonly ExperimentRow[];
  /** Of this the last lines are shown. */
  readonly output: ExperimentRow | undefined;
  readonly outputLines: number;
}

/** What the model reports. */
export interface ModelEvents {
  /** Something that may be shown is another. */
  onChange(): void;
  /** A repository was asked in vain, or something else went wrong. */
  onError(error: unknown, source?: TopSource): void;
  /** A repository has answered. */
  onAnswer(source: TopSource): void;
}

/** Milliseconds after which lines that a run printed are read again. */
const OUTPUT_MS = 1000;
/** Milliseconds after which series are asked for again. */
const AGAIN_MS = 2000;
/** Milliseconds after which bars are looked for again, and after which a list that was scrolled is thought to stand still. */
const BARS_MS = 3000;
const SCROLL_MS = 80;
/** Lines of it in which a bar is looked for, of a run of which nothing else says how far it is. */
const PROGRESS_LINES = 20;

/** All that is known of what the screen shows. It follows repositories, and asks them for no more than is shown. */
export class TopModel {
  rows: readonly ExperimentRow[] = [];
  /** By this machine's clock, when the list was answered; undefined as long as it is not there. */
  answeredAt: number | undefined;
  /** Whether there are more experiments than are listed. */
  hasMore = false;
  readonly #facts = new Map<string, readonly SeriesFact[]>();
  readonly #details = new Map<string, { readonly of: ExperimentRow; readonly details: Details | undefined }>();
  readonly #output = new Map<string, readonly string[] | undefined>();
  readonly #printed = new Map<string, PrintedProgress | undefined>();
  readonly #experiments = new Map<string, Experiment>();
  readonly #curves = new CurveCache();
  readonly #refreshers: Readonly<Record<"curves" | "details" | "output", Refresher>>;
  #list: AbortController | undefined;
  #watch: AbortController | undefined;
  #watched = "";
  #followTimer: ReturnType<typeof setTimeout> | undefined;
  #lookedForBarsAt = -Infinity;
  #needs: Needs = { rows: [], curves: [], details: [], output: undefined, outputLines: 0 };

  constructor(readonly sources: readonly TopSource[], readonly events: ModelEvents, readonly signal: AbortSignal) {
    const refresher = (work: () => Promise<void>, pauseMs?: number) =>
      new Refresher(work, signal, (error) => events.onError(error), pauseMs);
    this.#refreshers = {
      curves: refresher(() => this.#readCurves()),
      details: refresher(() => this.#readDetails(), 0),
      output: refresher(() => this.#readOutput(), OUTPUT_MS),
    };
    const timer = setInterval(() => this.#refreshers.output.invalidate(), OUTPUT_MS);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      clearTimeout(this.#followTimer);
    });
  }

  /** Lists other experiments, or in another order. Resolves with the first answer. */
  async ask(question: ListQuestion): Promise<void> {
    this.#list?.abort();
    const controller = this.#list = new AbortController();
    const signal = AbortSignal.any([this.signal, controller.signal]);
    const answers: (ExperimentAnswer | undefined)[] = this.sources.map(() => undefined);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.sources.forEach(async (source, at) => {
      try {
        for await (const answer of followExperiments(source, question, signal)) {
          if (signal.aborted) return;
          answers[at] = answer;
          this.events.onAnswer(source);
          // An answer stays until the next one is whole.
          if (answers.some((answer) => answer === undefined)) continue;
          this.#show(answers as ExperimentAnswer[], question.sort);
          resolve();
        }
      } catch (error) {
        if (!signal.aborted) reject(error);
        if (answers[at] !== undefined && !signal.aborted) this.events.onError(error, source);
      }
    });
    await promise;
  }

  /** Keeps what the screen needs up to date from now on. */
  need(needs: Needs): void {
    const before = this.#needs;
    this.#needs = needs;
    const watched = JSON.stringify(needs.rows.map(({ key }) => key).sort());
    if (watched !== this.#watched) {
      this.#watched = watched;
      // Somebody who scrolls passes many rows.
      clearTimeout(this.#followTimer);
      const isFirst = this.#watch === undefined;
      this.#followTimer = setTimeout(() => this.#follow(this.#needs.rows), isFirst ? 0 : SCROLL_MS);
    }
    if (needs.curves.some((question) => this.#curves.get(question) === undefined)) this.#refreshers.curves.now();
    if (needs.details.some((row) => this.#details.get(row.key)?.of !== row)) this.#refreshers.details.now();
    if (needs.output?.key !== before.output?.key || needs.outputLines > before.outputLines) {
      this.#refreshers.output.now();
    }
  }

  /** What is known of the series of an experiment; undefined as long as nothing is. */
  factsOf({ key }: ExperimentRow): readonly SeriesFact[] | undefined {
    return this.#facts.get(key);
  }

  detailsOf({ key }: ExperimentRow): Details | undefined {
    return this.#details.get(key)?.details;
  }

  /** The last lines that it printed; undefined where there are none. */
  outputOf({ key }: ExperimentRow): readonly string[] | undefined {
    return this.#output.get(key);
  }

  printedOf({ key }: ExperimentRow): PrintedProgress | undefined {
    return this.#printed.get(key);
  }

  /** Curves as they were read last; undefined as long as they were not. */
  curvesOf(question: CurveQuestion): ReturnType<CurveCache["get"]> {
    return this.#curves.get(question);
  }

  /** What can be asked of the repositories, for completions. */
  async schemas(): Promise<DescribedSchema[]> {
    return await Promise.all(this.sources.map(({ repository }) => repository.schema(this.signal)));
  }

  #show(answers: readonly ExperimentAnswer[], sort: string): void {
    this.hasMore = answers.some(({ rows }) => rows.length > MAX_LISTED);
    this.rows = merged(answers.map((answer) => ({ ...answer, rows: answer.rows.slice(0, MAX_LISTED) })), sort);
    this.answeredAt = Math.min(...answers.map(({ at }) => at));
    this.events.onChange();
  }

  /** Follows the series of some experiments, and no longer those of others. */
  #follow(rows: readonly ExperimentRow[]): void {
    this.#watch?.abort();
    const controller = this.#watch = new AbortController();
    const signal = AbortSignal.any([this.signal, controller.signal]);
    for (const source of this.sources) {
      const ids = rows.filter((row) => row.source === source).map(({ exp }) => exp);
      if (ids.length > 0) void this.#followIn(source, ids, signal);
    }
  }

  async #followIn(source: TopSource, ids: readonly string[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const facts of followFacts(source, ids, signal)) {
          if (signal.aborted) return;
          for (const [exp, of] of facts) this.#facts.set(keyOf(source, exp), of);
          this.#refreshers.curves.invalidate();
          this.#answered(source);
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.events.onError(error, source);
        if (!isTransient(error)) return;
      }
      // The server was away before it had ever answered this.
      await pause(AGAIN_MS, signal);
    }
  }

  /** Asks a repository once. Returns whether that went well. */
  async #ask(source: TopSource, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!this.signal.aborted) this.events.onError(error, source);
      return false;
    }
  }

  /** Takes in what a repository has answered. */
  #answered(source: TopSource): void {
    this.events.onAnswer(source);
    this.events.onChange();
  }

  async #readCurves(): Promise<void> {
    for (const question of this.#needs.curves) {
      const { source, ids } = question;
      const known = ids.map((id) => [id, this.#facts.get(keyOf(source, id))] as const);
      if (known.some(([, facts]) => facts === undefined)) continue;
      const facts = new Map(known) as Facts;
      const isWell = await this.#ask(source, async () => {
        if (await this.#curves.refresh(question, facts, this.signal)) this.#answered(source);
      });
      if (!isWell) return;
    }
  }

  async #readDetails(): Promise<void> {
    for (const row of this.#needs.details) {
      if (this.#details.get(row.key)?.of === row) continue;
      const isWell = await this.#ask(row.source, async () => {
        const details = await readDetails(row, this.signal);
        this.#details.set(row.key, { of: row, details });
        this.#answered(row.source);
      });
      if (!isWell) return;
    }
  }

  async #readOutput(): Promise<void> {
    const { output, outputLines, rows } = this.#needs;
    if (output !== undefined && (isOpen(output) || !this.#hasLines(output, outputLines))) {
      const isWell = await this.#ask(output.source, async () => {
        this.#output.set(output.key, await readOutput(await this.#experimentOf(output), outputLines));
        this.#answered(output.source);
      });
      if (!isWell) return;
    }
    if (performance.now() - this.#lookedForBarsAt < BARS_MS) return;
    this.#lookedForBarsAt = performance.now();
    for (const row of rows) {
      const isKnown = progressOf(row.params, this.factsOf(row) ?? [], undefined, undefined) !== undefined;
      if (row.status !== "running" || isKnown) continue;
      const isWell = await this.#ask(row.source, async () => {
        const lines = await readOutput(await this.#experimentOf(row), PROGRESS_LINES);
        this.#printed.set(row.key, progressIn(lines ?? []));
        this.#answered(row.source);
      });
      if (!isWell) return;
    }
  }

  /** Whether the lines of a run that has ended are there. */
  #hasLines({ key }: ExperimentRow, count: number): boolean {
    return this.#output.has(key) && (this.#output.get(key)?.length ?? count) >= count;
  }

  async #experimentOf({ key, exp, source }: ExperimentRow): Promise<Experiment> {
    let experiment = this.#experiments.get(key);
    if (experiment === undefined) {
      experiment = await source.repository.findExperiment(exp);
      this.#experiments.set(key, experiment);
    }
    return experiment;
  }
}

function keyOf(source: TopSource, exp: string): string {
  return `${source.name}\0${exp}`;
}

/** Whether something may still come. */
export function isOpen({ status }: ExperimentRow): boolean {
  return status === "running" || status === "unknown";
}
