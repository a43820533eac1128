import { NotFoundError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import type { LogCursor, ReadEvent } from "../../repo/logs/event_source.ts";
import { FILE_EVENT, unkeptVersion } from "../../format/events/file_event.ts";
import { isExpfile } from "../../format/json/special_values.ts";
import { ArrivalReader, type ArrivalTimes } from "../../index/arrivals.ts";
import { pause } from "../../base/time.ts";
import { hasOutput } from "../../repo/logs/output_reader.ts";
import type { Repository } from "../../repo/repository.ts";
import type { Run } from "../../repo/experiments/run.ts";
import type { Output } from "../../terminal/output.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./tail.ts";
import { bytes, cellsOf } from "../../terminal/values.ts";

/** Prints the last events of a run, and follows them. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<number> {
  const repository = await context.repository();
  const [id] = parsed.positionals;
  const wanted = id === undefined ? await newestRun(repository) : await repository.findRun(id);
  const one = parsed.options.stdout ? "stdout" : parsed.options.log;
  const names = await logsOf(wanted);
  if (one !== undefined && !names.includes(one) && !parsed.options.follow) {
    throw new NotFoundError(
      `Cannot read the log "${one}": run ${wanted.id} has ${names.join(", ") || "none"}${didYouMean(one, names)}`,
    );
  }
  const chosen = (name: string) => one === undefined ? !["stdout", "system", "dbx"].includes(name) : name === one;
  const print = (events: readonly ReadEvent[]) => {
    for (const event of events) printEvent(context.stdout, event, parsed);
  };

  const count = parsed.options.lines ?? 10;
  const cursors = new Map<string, LogCursor>();
  const last: ReadEvent[] = [];
  let arrivals: ReadonlyMap<string, ArrivalTimes> | undefined;
  for (const name of names.filter(chosen)) {
    cursors.set(name, await wanted.log(name).cursorAtEnd());
    if (count === 0) continue;
    for (const event of await wanted.log(name).last(count)) {
      if (event.ts === undefined) {
        arrivals ??= await arrivalsOf(wanted);
        event.ts = arrivals.get(name)?.at(event.offset);
      }
      last.push(event);
    }
  }
  last.sort((a, b) => (a.ts ?? 0) - (b.ts ?? 0));
  print(count > 0 ? last.slice(-count) : []);
  while (parsed.options.follow && !context.signal.aborted) {
    // First whether it has ended, then what was written until then: nothing can slip between.
    const { status } = await wanted.status(Date.now());
    for (const name of (await logsOf(wanted)).filter(chosen)) {
      const cursor = cursors.get(name) ?? await wanted.log(name).cursor();
      cursors.set(name, cursor);
      for await (const batch of cursor.more()) print(batch);
    }
    if (!["running", "unknown"].includes(status) && !parsed.options.forever) return 0;
    await pause(200, context.signal);
  }
  // Below the ^C that the terminal shows.
  if (context.signal.aborted && context.stdout.isTerminal) context.stdout.line("");
  return 0;
}

/** The logs of a run that can be read, `stdout` also where all that was printed stands in logs of events. */
async function logsOf(run: Run): Promise<string[]> {
  const names = await run.logs();
  return hasOutput(names) && !names.includes("stdout") ? [...names, "stdout"] : names;
}

/** When the lines arrived that have no time of their own, as the run's life says it. */
async function arrivalsOf(run: Run): Promise<ReadonlyMap<string, ArrivalTimes>> {
  const life = run.log("dbx");
  return await new ArrivalReader().read(life, { size: await life.size(), modifiedAt: 0 });
}

async function newestRun(repository: Repository): Promise<Run> {
  let newest: Run | undefined;
  for await (const experiment of repository.experiments()) {
    for (const run of await experiment.runs()) {
      if (newest === undefined || !(run.createdAt < newest.createdAt)) newest = run;
    }
  }
  if (newest === undefined) throw new NotFoundError(`Cannot find a run in ${repository.location}: it has no runs yet`);
  return newest;
}

/** What an event of dbx says of a file, in words; undefined for any other one. */
function fileWords({ event, data }: ReadEvent): string | undefined {
  const { name, size } = data;
  if (typeof name !== "string") return undefined;
  if (unkeptVersion({ event, data }) !== undefined) return `no longer kept: ${name}`;
  if (event !== FILE_EVENT || !isExpfile(data.file)) return undefined;
  return `kept ${name}${typeof size === "number" ? `  ${bytes(size)}` : ""}`;
}

/**
 * Prints an event. Colours are not part of what a run printed: dbx run stores lines without escape sequences, and
 * sequences that got into a log in another way could hide words, or imitate messages of dbx.
 */
function printEvent(out: Output, event: ReadEvent, parsed: Parsed<typeof OPTIONS>): void {
  const { event: name, ts, data } = event;
  if (parsed.options.jsonl) return out.json({ event: name, ts, ...data });
  if (parsed.options.stdout && typeof data.text === "string") return out.records([data.text + "\n"]);
  const time = ts === undefined ? "" : new Date(ts).toISOString().slice(11, 23) + "  ";
  const file = fileWords(event);
  if (file !== undefined) return out.line(time + file);
  const cell = cellsOf(out);
  const words = Object.entries(data).map(([key, value]) => `${key}=${cell(value)}`);
  out.line(`${time}${name}  ${words.join("  ")}`.trimEnd());
}
