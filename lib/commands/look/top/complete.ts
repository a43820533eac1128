import type { DescribedSchema } from "../../../query/describe_schema.ts";
import { columnNames } from "../../../query/schema/column_aliases.ts";
import { STATISTICS } from "../../../query/schema/statistics.ts";
import type { ExperimentRow } from "./model/experiments.ts";
import type { Completion } from "./state.ts";

/** The last word of a condition: a name with dots, colons and quotes in it, or the beginning of a text. */
const WORD = /(?:"[^"]*"?|'[^']*'?|[\p{L}\p{N}_.:*/-])+$/u;
/** A comparison that is begun: the column, and what of the text stands there. */
const COMPARED = /(\w+)\s*(?:=|<>|!=|IN\s*\()\s*(["']?[^"'()=<>\s]*)$/i;
const STATUSES = ["running", "finished", "failed", "killed", "lost", "unknown"];
const OPERATORS = ["and", "or", "not", "like", "in", "is null", "is not null", "between"];
const MAX_SUGGESTIONS = 50;

/** What may be typed, of what there is in some repositories. */
export class Completer {
  readonly #columns: readonly string[];
  readonly #series: readonly string[];

  /** `rows`: the listed experiments, whose kinds and tags are suggested. */
  constructor(schemas: readonly DescribedSchema[], readonly rows: () => readonly ExperimentRow[]) {
    const dotted = schemas.flatMap(({ tables }) =>
      tables.filter(({ name }) => name === "experiments").flatMap(({ dotted }) =>
        dotted.map(({ name }) => quoted(name))
      )
    );
    const keys = [...new Set(schemas.flatMap(({ keys }) => keys.map(({ key }) => key)))];
    this.#series = keys;
    const statistics = ["last", "min", "max", ...STATISTICS.filter((it) => !["last", "min", "max"].includes(it))];
    this.#columns = [
      ...new Set([...columnNames(), ...dotted, ...statistics.flatMap((of) => keys.map((key) => statistic(of, key)))]),
    ];
  }

  /** In a condition: columns and operators, and behind a comparison the values that there are. */
  condition(before: string): Completion {
    const [, column, begun] = COMPARED.exec(before) ?? [];
    const values = column === undefined ? [] : this.#valuesOf(column.toLowerCase());
    if (values.length > 0) {
      const word = begun.replace(/^["']/, "").toLowerCase();
      const found = values.filter((value) => value.toLowerCase().startsWith(word)).map((value) =>
        JSON.stringify(value)
      );
      return { replaces: lengthOf(begun), suggestions: found };
    }
    const word = WORD.exec(before)?.[0] ?? "";
    const isAfterValue = /["'\d)]\s+\w*$/.test(before);
    return { replaces: lengthOf(word), suggestions: matching(isAfterValue ? OPERATORS : this.#columns, word) };
  }

  /** The name of a column, maybe with `-` before it. */
  column(before: string): Completion {
    const word = before.replace(/^-/, "");
    return {
      replaces: lengthOf(word),
      suggestions: matching(this.#columns.map((name) => name.replaceAll('"', "")), word),
    };
  }

  /** A tag that others have. */
  tag(before: string): Completion {
    const word = before.replace(/^-/, "");
    return { replaces: lengthOf(word), suggestions: matching(this.#valuesOf("tags"), word) };
  }

  /** The key of a series. */
  series(before: string): Completion {
    return { replaces: lengthOf(before), suggestions: matching(this.#series, before) };
  }

  /** A listed run: its name, or else its id. */
  run(before: string): Completion {
    const rows = this.rows();
    const names = [...new Set(rows.map(({ name }) => name).filter(Boolean))].sort();
    return { replaces: lengthOf(before), suggestions: matching([...names, ...rows.map(({ exp }) => exp)], before) };
  }

  #valuesOf(column: string): string[] {
    const all = (of: (row: ExperimentRow) => readonly string[]) =>
      [...new Set(this.rows().flatMap(of))].filter(Boolean).sort();
    switch (column) {
      case "status":
        return STATUSES;
      case "kind":
        return all(({ kind }) => [kind]);
      case "name":
        return all(({ name }) => [name]);
      case "tag":
      case "tags":
        return all(({ tags }) => tags);
      case "host":
      case "hostname":
        return all(({ host }) => [host]);
      default:
        return [];
    }
  }
}

/** Those that begin with a word, then those that have it. */
function matching(names: readonly string[], word: string): string[] {
  const small = word.replace(/^["']/, "").toLowerCase();
  const plain = (name: string) => name.replace(/^"/, "").toLowerCase();
  const first = names.filter((name) => plain(name).startsWith(small));
  const more = small.length < 2
    ? []
    : names.filter((name) => !plain(name).startsWith(small) && plain(name).includes(small));
  return [...first, ...more].slice(0, MAX_SUGGESTIONS);
}

/** A dotted name whose parts are quoted where they must be. */
function quoted(name: string): string {
  const [family, ...rest] = name.split(".");
  return [family, ...rest.map((part) => /^[a-z_]\w*$/i.test(part) ? part : `"${part.replaceAll('"', '""')}"`)].join(
    ".",
  );
}

function statistic(of: string, key: string): string {
  return /^[a-z_][\w.]*$/i.test(key) ? `${of}:${key}` : `"${of}:${key.replaceAll('"', '""')}"`;
}

function lengthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}
