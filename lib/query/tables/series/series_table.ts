import { Int32Builder } from "../../../index/encoding/int32_builder.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import { type Chunk, statisticsOfChunks } from "../../../index/columns/series_chunks.ts";
import { meanOf, totalOf } from "../../../index/statistics/rules.ts";
import type { Statistics } from "../../../index/statistics/statistics.ts";
import type { LogRows } from "../../snapshot/rows/rows.ts";
import type { Vector } from "../../vectors/vector.ts";

/** The columns of numbers, and where they stand in a pack's directory; all but the counts are REAL. */
const NUMBERS = {
  count: "count",
  numbers: "numbers",
  sum: "sum",
  sum_error: "sumError",
  first: "first",
  last: "last",
  min: "min",
  max: "max",
  first_step: "firstStep",
  last_step: "lastStep",
  min_step: "minStep",
  max_step: "maxStep",
} as const satisfies Record<string, keyof Statistics>;

type NumberColumn = keyof typeof NUMBERS;

/** All series of some logs as columns, each made when it is first asked for, without an object per series. */
export class SeriesTable {
  readonly length: number;
  /** The log of each series, by its number in the snapshot. */
  readonly log: Int32Array;
  /** Where a series, or the first part of it, is. */
  readonly #packs: readonly Pack[];
  readonly #pack: Int32Array;
  readonly #at: Int32Array;
  /** The series that have several parts: their chunks, and what they come down to. */
  readonly #joined = new Map<number, { readonly chunks: readonly Chunk[]; readonly statistics: Statistics }>();
  readonly #columns = new Map<string, Vector>();

  /** `chosen`: the numbers of the logs whose series it has. Default: all. Logs with too many series have none here. */
  constructor(readonly logs: LogRows, chosen?: Int32Array) {
    const [log, pack, at] = [new Int32Builder(), new Int32Builder(), new Int32Builder()];
    const packs = new Map<Pack, number>();
    const many = chosen?.length ?? logs.length;
    for (let turn = 0; turn < many; turn++) {
      const number = chosen === undefined ? turn : chosen[turn];
      const parts = logs.hasPoints(number) ? logs.parts(number) : undefined;
      if (parts === undefined) continue;
      const chunks = parts.length > 1 ? new Map<string, { row: number; chunks: Chunk[] }>() : undefined;
      for (const ref of parts) {
        const { parts, groups, series, strings } = ref.pack.directory;
        let id = packs.get(ref.pack);
        if (id === undefined) packs.set(ref.pack, id = packs.size);
        for (let group = parts.groupsFrom[ref.part]; group < parts.groupsTo[ref.part]; group++) {
          for (let one = groups.seriesFrom[group]; one < groups.seriesTo[group]; one++) {
            if (chunks !== undefined) {
              const key = `${strings[groups.pattern[group]]}:${strings[series.path[one]]}`;
              const chunk = { pack: ref.pack, group, series: one };
              const known = chunks.get(key);
              if (known !== undefined) {
                known.chunks.push(chunk);
                continue;
              }
              chunks.set(key, { row: log.length, chunks: [chunk] });
            }
            log.push(number);
            pack.push(id);
            at.push(one);
          }
        }
      }
      for (const { row, chunks: all } of chunks?.values() ?? []) {
        if (all.length > 1) this.#joined.set(row, { chunks: all, statistics: statisticsOfChunks(all) });
      }
    }
    this.length = log.length;
    [this.log, this.#pack, this.#at] = [log.filled.slice(), pack.filled.slice(), at.filled.slice()];
    this.#packs = [...packs.keys()];
  }

  /** The parts of a series that has several; undefined where it has one, at {@linkcode pack} and {@linkcode at}. */
  chunks(row: number): readonly Chunk[] | undefined {
    return this.#joined.get(row)?.chunks;
  }

  /** The pack of a series, or of its first part. */
  pack(row: number): Pack {
    return this.#packs[this.#pack[row]];
  }

  /** The row of a series, or of its first part, in the directory of its pack. */
  at(row: number): number {
    return this.#at[row];
  }

  /** A column of `metrics` that is not of the place of the log. */
  column(name: string): Vector {
    let column = this.#columns.get(name);
    if (column === undefined) this.#columns.set(name, column = this.#make(name));
    return column;
  }

  /** How many points each series has. */
  counts(): Float64Array {
    return this.#numbers("count");
  }

  #make(name: string): Vector {
    if (name === "event" || name === "key") return this.#texts(name);
    if (name === "series") return this.#keys();
    if (name === "mean") return { kind: "number", type: "real", data: this.#means() };
    const isCount = name === "count" || name === "numbers";
    return { kind: "number", type: isCount ? "integer" : "real", data: this.#numbers(name as NumberColumn) };
  }

  #numbers(name: NumberColumn): Float64Array {
    const field = NUMBERS[name];
    const arrays = this.#packs.map((pack) => pack.directory.series[field]);
    const data = new Float64Array(this.length);
    for (let row = 0; row < data.length; row++) data[row] = arrays[this.#pack[row]][this.#at[row]];
    for (const [row, { statistics }] of this.#joined) data[row] = statistics[field];
    // Of an infinite sum there is nothing that rounding took.
    if (name === "sum_error") {
      for (let row = 0; row < data.length; row++) if (data[row] - data[row] !== 0) data[row] = NaN;
    }
    return data;
  }

  #means(): Float64Array {
    const [sums, errors, numbers] = (["sum", "sum_error", "numbers"] as const).map((name) => this.#numbers(name));
    return sums.map((sum, row) => meanOf(totalOf(sum, errors[row]), numbers[row]));
  }

  /** Of each pack, the numbers of its texts among all texts, as far as they are met. */
  #texts(name: "event" | "key"): Vector {
    const codes = new Int32Array(this.length);
    const known = new Map<string, number>();
    const ofPacks = this.#packs.map((pack) => new Int32Array(pack.directory.strings.length).fill(-1));
    for (let row = 0; row < codes.length; row++) {
      const { series, groups, strings } = this.#packs[this.#pack[row]].directory;
      const at = this.#at[row];
      const string = name === "key" ? series.path[at] : groups.pattern[series.group[at]];
      const ofPack = ofPacks[this.#pack[row]];
      let code = ofPack[string];
      if (code < 0) {
        code = known.get(strings[string]) ?? known.size;
        known.set(strings[string], code);
        ofPack[string] = code;
      }
      codes[row] = code;
    }
    return { kind: "text", codes, words: [...known.keys()] };
  }

  #keys(): Vector {
    const [event, key] = [this.column("event"), this.column("key")];
    if (event.kind !== "text" || key.kind !== "text") throw new TypeError("not columns of texts");
    const codes = new Int32Array(this.length);
    const known = new Map<number, number>();
    const words: string[] = [];
    for (let row = 0; row < codes.length; row++) {
      const pair = event.codes[row] * key.words.length + key.codes[row];
      let code = known.get(pair);
      if (code === undefined) {
        known.set(pair, code = words.length);
        words.push(`${event.words[event.codes[row]]}:${key.words[key.codes[row]]}`);
      }
      codes[row] = code;
    }
    return { kind: "text", codes, words };
  }
}
