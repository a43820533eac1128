import { initRepository, openReader } from "../../../lib/repo/open.ts";
import type { Source } from "../../../lib/query/snapshot/snapshot.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";

/** A run as a test writes it down: what its definition says, and its logs by name, a line each. */
export interface SmallRun {
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly logs?: Readonly<Record<string, readonly string[]>>;
}

/** An experiment as a test writes it down. The definition may be a text, for numbers that JavaScript does not hold. */
export interface SmallExperiment {
  readonly meta?: Readonly<Record<string, unknown>> | string;
  readonly runs?: readonly SmallRun[];
  /** Lines of notes. */
  readonly notes?: readonly string[];
}

/** The id of an experiment or of a run, from its number. */
export function idOf(letter: string, ...numbers: readonly number[]): string {
  return (letter + numbers.join("")).padEnd(13, "0");
}

/** Writes a repository: experiments e0…, e1… with runs r00…, r01…. */
export async function smallRepository(path: string, experiments: readonly SmallExperiment[]): Promise<void> {
  await initRepository(path);
  for (const [e, { meta = {}, runs = [], notes = [] }] of experiments.entries()) {
    const id = idOf("e", e);
    const folder = `${path}/${id}`;
    await Deno.mkdir(folder);
    const definition = { id, kind: "train", name: "", params: {}, createdAt: 1000 + e };
    await Deno.writeTextFile(
      `${folder}/meta.json`,
      typeof meta === "string" ? meta : JSON.stringify({ ...definition, ...meta }) + "\n",
    );
    for (const [r, { meta = {}, logs = {} }] of runs.entries()) {
      const run = idOf("r", e, r);
      await Deno.mkdir(`${folder}/runs/${run}`, { recursive: true });
      const definition = { id: run, createdAt: 2000 + r, ...meta };
      await Deno.writeTextFile(`${folder}/runs/${run}/meta.json`, JSON.stringify(definition) + "\n");
      for (const [name, lines] of Object.entries(logs)) {
        const file = name === "log" ? "log.jsonl" : `${name}.log.jsonl`;
        await Deno.writeTextFile(`${folder}/runs/${run}/${file}`, lines.map((line) => line + "\n").join(""));
      }
    }
    if (notes.length === 0) continue;
    await Deno.mkdir(`${folder}/notes`);
    await Deno.writeTextFile(`${folder}/notes/${idOf("n")}.log.jsonl`, notes.map((line) => line + "\n").join(""));
  }
}

/** The source of a repository on the disk, its index in memory. */
export async function sourceAt(path: string, name = "r"): Promise<Source> {
  return sourceOf(await openReader(path), { name });
}

/** A line of a log. */
export function lineOf(event: string, ts: number | undefined, data: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ event, ...ts === undefined ? {} : { ts }, ...data });
}
