import { CURVE_AGGREGATES, type CurveAggregate, type CurveSelector } from "../../../query/curves/curve.ts";
import { json, MEANT, query, yes } from "../../api/parts.ts";
import { count, like, named } from "../../api/schema.ts";
import { countOf, flagOf } from "../../http/query_string.ts";
import type { Call, Endpoint } from "../call.ts";
import { askPool } from "./ask_pool.ts";
import { columnsIn, filterOf } from "./question.ts";

/** Some names of aggregates, separated by commas. */
const AGGREGATES = `^(?:${CURVE_AGGREGATES.join("|")})(?:,(?:${CURVE_AGGREGATES.join("|")})){0,9}$`;

/** `GET /api/v1/series` */
export const series: Endpoint<Call> = {
  parameters: [
    query("series", "the key of a series, its last part, or a glob", undefined, { required: true, example: "loss" }),
    ...MEANT,
    query(
      "x",
      "step, time, relative, a level of the event's name such as epoch, or a number of the same events' data",
      undefined,
      { example: "step" },
    ),
    query("smooth", "weight of the past, from 0 to below 1", { type: "number", minimum: 0, exclusiveMaximum: 1 }),
    query("group_by", "columns, separated by commas: experiments with equal values in them become one curve"),
    query("agg", "with group_by: some of mean, std, min, max, count, separated by commas", like(AGGREGATES)),
    query("points", "maximum number of points per curve; extremes are kept", count({ minimum: 1, maximum: 1e9 })),
    yes("all", "include deleted experiments"),
  ],
  answers: { 200: json("the curves", named("Curves")) },
  errors: [404, 409, 422],

  async handle(call) {
    const { searchParams: search } = call.url;
    const text = (key: string) => search.get(key) ?? undefined;
    const smooth = text("smooth");
    const selector: CurveSelector = {
      ...filterOf(text, search.getAll("tag")),
      series: search.get("series")!,
      x: text("x"),
      smooth: smooth === undefined ? undefined : Number(smooth),
      groupBy: columnsIn(text("group_by")),
      aggregates: text("agg")?.split(",") as CurveAggregate[] | undefined,
      points: countOf(search, "points"),
    };
    return await askPool(call, { type: "series", selector, all: flagOf(search, "all") });
  },
};
