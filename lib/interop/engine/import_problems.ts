import type { ProblemRecord } from "../foreign.ts";

/** What could not be read of a source. A damaged place stays one, so a later import, which does not read it again, says it too. */
export class ImportProblems {
  readonly #new: ProblemRecord[] = [];
  readonly #lasting = new Map<string, ProblemRecord[]>();

  /** Those of this pass, and those of places that an earlier one has read. */
  get all(): ProblemRecord[] {
    const found = new Map(this.#new.map((problem) => [JSON.stringify(problem), problem]));
    const earlier = [...this.#lasting.values()].flat().filter((problem) => !found.has(JSON.stringify(problem)));
    return [...earlier, ...found.values()];
  }

  add(source: string, problem: ProblemRecord): void {
    this.#new.push(problem);
    if (problem.at !== undefined && !problem.isWaiting) this.lastingOf(source).push(problem);
  }

  /** Damaged places of a source, to be kept with how far it was read. */
  lastingOf(source: string): ProblemRecord[] {
    let problems = this.#lasting.get(source);
    if (problems === undefined) this.#lasting.set(source, problems = []);
    return problems;
  }

  /** What an earlier import kept of a source. */
  keep(source: string, problems: readonly ProblemRecord[]): void {
    this.#lasting.set(source, [...problems]);
  }

  /** The source is read from its start again. */
  restart(source: string): void {
    this.#lasting.delete(source);
  }
}
