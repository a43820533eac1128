import { printable } from "../../base/printable.ts";
import type { Context } from "../../cli/command.ts";
import type { ImportedRun, ImportReport } from "../../interop/engine/import_report.ts";
import type { ProblemRecord } from "../../interop/foreign.ts";
import type { Output } from "../../terminal/output.ts";
import type { ImportSource } from "./import_sources.ts";

/** Problems that people are shown of one source; `--json` has all of them. */
const MAX_SHOWN = 20;

/** Kinds whose runs `--created` dates. */
const CAN_BE_DATED = ["csv", "jsonl", "keras", "lightning"];

/** What all passes over all sources did, said as it happens. */
export class ImportTotals {
  readonly #runs = new Map<string, ImportedRun & { readonly source: string }>();
  readonly #problems = new Map<string, ProblemRecord & { readonly source: string }>();
  /** Sources of which no run is here. */
  readonly #empty = new Map<string, string>();
  readonly #shown = new Map<string, number>();

  constructor(
    readonly context: Context,
    readonly options: {
      readonly dryRun: boolean;
      readonly forPeople: boolean;
      readonly follows: boolean;
      readonly selects: boolean;
      /** Whether it goes to a server, of which is not known here what it has already. */
      readonly isRemote: boolean;
    },
  ) {}

  /** Whether something could not be read that more of the source will not mend. */
  get hasProblems(): boolean {
    return [...this.#problems.values()].some(({ isWaiting }) => !isWaiting);
  }

  add({ reader, given }: ImportSource, report: ImportReport): void {
    for (const problem of report.problems) this.#problem(given, problem);
    if (report.known === 0) {
      // Those that were purged here are said already.
      if (this.options.selects || report.passedOver === 0) this.#empty.set(given, reader.kind);
      return;
    }
    for (const run of report.runs) {
      const known = this.#runs.get(run.run);
      if (known === undefined) this.#runs.set(run.run, { ...run, source: given });
      else {
        known.events += run.events;
        known.files += run.files;
      }
    }
    const { events, files } = sumOf(report.runs);
    const { isRemote } = this.options;
    const fresh = report.runs.filter(({ isNew }) => isNew).length;
    const isSaid = this.options.forPeople && (report.runs.length > 0 || !this.options.follows);
    if (!isSaid) return;
    const grown = report.runs.length - fresh;
    const verb = this.options.dryRun ? "would import " : isRemote ? "sends " : "";
    const parts = [
      fresh > 0 || grown === 0 ? numberOf(fresh, isRemote ? "run" : "new run") : "",
      grown > 0 ? `more of ${numberOf(grown, "run")}` : "",
      numberOf(events, "event"),
      files > 0 ? numberOf(files, "file") : "",
    ].filter((part) => part !== "");
    const text = report.runs.length === 0
      ? `${printable(given)} (${reader.kind}): already up to date`
      : `${printable(given)} (${reader.kind}): ${verb}${parts.join(", ")}`;
    this.context.stdout.line(text);
    const undated = CAN_BE_DATED.includes(reader.kind) ? report.runs.filter((run) => run.isNew && run.isUndated) : [];
    if (undated.length === 0) return;
    this.context.stdout.line(
      `  ${
        numberOf(undated.length, "run")
      } without a time of beginning: dated 1970, unless the first import has --created`,
    );
  }

  /** Says of which of the sources nothing was imported, after all were read. */
  end(sources: readonly ImportSource[]): void {
    // A pattern may mean runs of one source only.
    if (this.options.selects && this.#empty.size < sources.length) return;
    for (const [file, kind] of this.#empty) {
      const what = `found no runs of ${kind}${this.options.selects ? " that fit --select" : ""}`;
      this.#problem(file, { type: "problem", file, what, advice: "nothing was imported of it" });
    }
  }

  /** What machines get. */
  record(): Record<string, unknown> {
    const runs = [...this.#runs.values()];
    const { events, files } = sumOf(runs);
    return {
      runs: runs.map(({ source, id, run, kind, name, isNew, events, files }) => ({
        source,
        id,
        run,
        kind,
        name,
        ...(this.options.isRemote ? {} : { new: isNew }),
        events,
        files,
      })),
      events,
      files,
      problems: [...this.#problems.values()].map(({ source, file, at, what, advice, isWaiting = false }) => ({
        source,
        file,
        ...(at === undefined ? {} : { [at.unit]: at.number }),
        problem: what,
        advice,
        waiting: isWaiting,
      })),
      ...(this.options.dryRun ? { dryRun: true } : {}),
    };
  }

  /** What people read at the end, beside what was said already. */
  print(_out: Output): void {
    for (const [source, count] of this.#shown) {
      if (count <= MAX_SHOWN) continue;
      const more = count - MAX_SHOWN;
      this.context.stderr.line(
        `dbx: ${printable(source)}: ${numberOf(more, "more problem")}; --json lists all of them`,
      );
    }
  }

  #problem(source: string, problem: ProblemRecord): void {
    const { file, at, what, advice } = problem;
    // A file that was named itself need not be named twice.
    const isItself = source === file || source.endsWith(`/${file}`);
    const place = [isItself ? "" : file, at && `${at.unit} ${at.number}`].filter((part) => part).join(", ");
    const key = `${source}\n${place}\n${what}`;
    if (this.#problems.has(key)) return;
    this.#problems.set(key, { ...problem, source });
    // A file that is being written ends somewhere.
    if (problem.isWaiting && this.options.follows) return;
    const count = (this.#shown.get(source) ?? 0) + 1;
    this.#shown.set(source, count);
    if (count > MAX_SHOWN) return;
    const text = `${place === "" ? source : `${source}: ${place}`}: ${what}; ${advice}`;
    this.context.stderr.line(`dbx: ${printable(text)}`);
  }
}

function sumOf(runs: readonly ImportedRun[]): { events: number; files: number } {
  return {
    events: runs.reduce((sum, { events }) => sum + events, 0),
    files: runs.reduce((sum, { files }) => sum + files, 0),
  };
}

function numberOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
