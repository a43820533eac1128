import type { Json, JsonObject } from "../../base/json.ts";
import { didYouMean } from "../../base/suggest.ts";
import { decodeValue } from "../../format/json/value.ts";
import type { Question } from "../session/question.ts";
import type { QueryResult, QueryValue } from "../result/answer.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { selectFrom } from "../sql/build.ts";
import type { NameExpression } from "../sql/tree.ts";
import { EXPERIMENTS } from "../tables/entities/experiments.ts";
import { statisticOf } from "../schema/statistics.ts";
import { getPath } from "../values/json_values.ts";
import { itemOf } from "./shorthand.ts";
import { NanOrAbsent } from "./nan_or_absent.ts";
import { TextPieces } from "./text_pieces.ts";
import { kindOfColumn, parseColumn } from "../schema/column_aliases.ts";

/** The rows of `dbx ls`: the query for the columns asked for, and what its answer means. The columns themselves: `schema/columns/experiments.ts`. */
export class ListRows {
  readonly question: Question;
  readonly #statistics: NanOrAbsent;
  readonly #columns: readonly NameExpression[];

  constructor(readonly names: readonly string[]) {
    const pieces = new TextPieces();
    this.#statistics = new NanOrAbsent(["exp", ...names]);
    const parsed = this.#statistics.cols.map((text) => parseColumn(text, pieces.add(text)));
    this.#columns = parsed.slice(1, names.length + 1);
    const asked = parsed.map((name, at) => itemOf(name, this.#statistics.cols[at]));
    const tree = selectFrom("experiments", asked, {}, { start: 0, end: 0 });
    this.question = { tree, sql: pieces.text, located: (error) => pieces.located(error) };
  }

  /** The values of the experiments with these ids, in this order; one that has gone in the meantime is left out. */
  async rowsOf(
    answer: QueryResult,
    ids: readonly string[],
    { experiments }: Snapshot,
  ): Promise<(Json | undefined)[][]> {
    const jsonOf = (family: string, number: number) =>
      family === "params" ? experiments.params(number) : EXPERIMENTS.families[family].json(experiments.at(number));
    const byNumber: (Json | undefined)[][] = [];
    let next = 0;
    for await (const [exp, ...values] of this.#statistics.answer(answer)) {
      // Answers mostly come in the order of the experiments.
      const isNext = next < experiments.length && experiments.idOf(next) === exp;
      const number = isNext ? next : experiments.numberOf(String(exp))!;
      next = number + 1;
      byNumber[number] = this.#columns.map((name, at) => valueOf(name, values[at], (family) => jsonOf(family, number)));
    }
    const rows: (Json | undefined)[][] = [];
    for (const id of ids) {
      const row = byNumber[experiments.numberOf(id) ?? -1];
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** What is to be said of columns that no experiment has a value in, because no series has the name. */
  remarks(rows: readonly (readonly unknown[])[], known: () => ReadonlySet<string>): string[] {
    if (rows.length === 0) return [];
    const missing = this.names.flatMap((name, at) => {
      const series = statisticOf(name)?.series;
      return series === undefined || rows.some((row) => row[at] !== undefined && row[at] !== 0) ? [] : [series];
    });
    if (missing.length === 0) return [];
    const names = known();
    if (names.size === 0) return [];
    return [...new Set(missing)].map((series) =>
      `no run that is listed has the series "${series}"${didYouMean(series, [...names])}`
    );
  }
}

/** A value: what the definition says as it says it, absent ones undefined. */
function valueOf(
  name: NameExpression,
  value: QueryValue,
  jsonOf: (family: string) => JsonObject | undefined,
): Json | undefined {
  const family = name.parts[0].text.toLowerCase();
  if (Object.hasOwn(EXPERIMENTS.families, family) && name.parts.length > 1) {
    const path = name.parts.slice(1).map(({ text }) => text);
    const found = getPath(jsonOf(family) as JsonObject, path) as Json | undefined;
    return found === undefined ? undefined : decodeValue(found) as Json;
  }
  if (value === null) return undefined;
  if (kindOfColumn(name.parts) === "list" && typeof value === "string") return JSON.parse(value);
  return typeof value === "bigint" ? Number(value) : value instanceof Uint8Array ? undefined : value;
}
