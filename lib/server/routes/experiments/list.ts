import type { ListRequest } from "../../../query/list/list.ts";
import { json, SHORTHAND, whole, yes } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import { countOf, flagOf } from "../../http/query_string.ts";
import type { Call, Endpoint } from "../call.ts";
import { askPool } from "../queries/ask_pool.ts";
import { columnsIn, filterOf } from "../queries/question.ts";

/** `GET /api/v1/list` */
export const list: Endpoint<Call> = {
  parameters: [
    ...SHORTHAND,
    whole("params", "without cols: the maximum number of differing params to show"),
    yes("counted", "say how many there are without the limit"),
  ],
  answers: { 200: json("the list", named("List")) },
  errors: [404, 409, 422],

  async handle(call) {
    const { searchParams: search } = call.url;
    const text = (key: string) => search.get(key) ?? undefined;
    const request: ListRequest = {
      ...filterOf(text, search.getAll("tag")),
      cols: columnsIn(text("cols")),
      params: countOf(search, "params"),
      sort: text("sort"),
      limit: countOf(search, "limit"),
      all: flagOf(search, "all"),
      counted: flagOf(search, "counted"),
    };
    return await askPool(call, { type: "list", request });
  },
};
