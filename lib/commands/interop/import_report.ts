import { printable } from "../../base/printable.ts";
import type { Context } from "../../cli/command.ts";
import type { ImportedRun, ImportReport } from "../../interop/engine/import_report.ts";
import type { ProblemRecord } from "../../interop/foreign.ts";
import type { Output } from "../../terminal/output.ts";
import type { ImportSource } from "./import_sources.ts";

/** Problems that people are shown of one source; `--json` has all of them. */
const MAX_SHOWN = 20;

/** What all passes over all sources did, said as it happens. */
export class ImportTotals {
  readonly #runs = new Map<string, ImportedRun & { readonly source: string }>();
  readonly #problems = new Map<string, ProblemRecord & { readonly source: string }>();
  readonly #met = new Map<string, number>();
  readonly #shown = new Map<string, number>();

  constructor(
    readonly context: Context,
    readonly options: { readonly dryRun: boolean; readonly forPeople: boolean; readonly follows: boolean },
  ) {}

  /** Whether something could not be read that more of the source will not mend. */
  get hasProblems(): boolean {
    return [...this.#problems.values()].some(({ isWaiting }) => !isWaiting);
  }

  add({ reader, given }: ImportSource, report: ImportReport): void {
    for (const problem of report.problems) this.#problem(given, problem);
    this.#met.set(given, Math.max(this.#met.get(given) ?? 0, report.met));
    for (const run of report.runs) {
      const known = this.#runs.get(run.run);
      if (known === undefined) this.#runs.set(run.run, { ...run, source: given });
      else {
        known.events += run.events;
        known.files += run.files;
      }
    }
    const { events, files } = sumOf(report.runs);
    const fresh = report.runs.filter(({ isNew }) => isNew).length;
    const isSaid = this.options.forPeople && (report.runs.length > 0 || !this.options.follows);
    if (!isSaid) return;
    const grown = report.runs.length - fresh;
    const verb = this.options.dryRun ? "would import " : "";
    const parts = [
      fresh > 0 || grown === 0 ? numberOf(fresh, "new run") : "",
      grown > 0 ? `more of ${numberOf(grown, "run")}` : "",
      numberOf(events, "event"),
      files > 0 ? numberOf(files, "file") : "",
    ].filter((part) => part !== "");
    const text = report.runs.length === 0
      ? `${printable(given)} (${reader.kind}): already up to date`
      : `${printable(given)} (${reader.kind}): ${verb}${parts.join(", ")}`;
    this.context.stdout.line(text);
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
        new: isNew,
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
