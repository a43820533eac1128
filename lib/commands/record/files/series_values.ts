import { parseEvent } from "../../../format/events/parse_event.ts";
import { PRINTED_LOGS } from "../../../format/events/printed_line.ts";
import { seriesOf } from "../../../format/events/series_key.ts";
import { lastPart, seriesMatcher } from "../../../format/events/series_name.ts";
import { LogReader } from "../../../repo/logs/log_reader.ts";
import type { Store } from "../../../store/store.ts";
import type { Value } from "./retention.ts";

/** The logs in which the numbers of a command are. */
const LOGS = ["log", ...PRINTED_LOGS.map(({ log }) => log)];

/** The values of some series of runs, one of which goes on, as its logs grow. */
export class SeriesValues {
  readonly #logs: readonly LogReader[];
  readonly #offsets = new Map<string, number>();
  readonly #values: ReadonlyMap<string, Value[]>;
  readonly #matchers: readonly {
    readonly name: string;
    readonly part: string;
    readonly matches: (key: string) => boolean;
  }[];

  /** `folders`: those of the runs, relative to the repository. */
  constructor(store: Store, folders: readonly string[], names: readonly string[]) {
    this.#logs = folders.flatMap((folder) => LOGS.map((name) => new LogReader(store, folder, name)));
    this.#values = new Map(names.map((name) => [name, []]));
    this.#matchers = names.map((name) => ({ name, part: literalOf(name), matches: seriesMatcher(name) }));
  }

  /** The points of a series that were read so far. */
  of(name: string): readonly Value[] {
    return this.#values.get(name) ?? [];
  }

  /** Reads what has come. */
  async read(): Promise<void> {
    if (this.#matchers.length === 0) return;
    for (const log of this.#logs) {
      const offset = this.#offsets.get(log.file) ?? 0;
      if (await log.size() <= offset) continue;
      for await (const { text, next } of log.lines({ offset })) {
        if (text !== undefined) this.#add(text);
        this.#offsets.set(log.file, next);
      }
    }
  }

  #add(line: string): void {
    const wanted = this.#matchers.filter(({ part }) => line.includes(part));
    if (wanted.length === 0) return;
    try {
      const event = parseEvent(line);
      for (const { key, step, value } of seriesOf(event)) {
        for (const { name, matches } of wanted) {
          if (matches(key)) this.#values.get(name)!.push({ step, value, at: event.ts ?? Date.now() });
        }
      }
    } catch {
      // It is not an event.
    }
  }
}

/** A part of the name that stands as it is in every line with such a series. */
function literalOf(name: string): string {
  const parts = (lastPart(name) || name).split(/[*?.:/\\]/);
  return parts.reduce((longest, part) => part.length > longest.length ? part : longest, "");
}
