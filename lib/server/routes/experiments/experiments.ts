import { LIMITS, SHORTHAND } from "../../api/parts.ts";
import type { Call, Endpoint } from "../call.ts";
import { answerQuery } from "../queries/query.ts";
import { FORMAT, ROWS, SAFE } from "../queries/question_parts.ts";

/** `GET /api/v1/experiments` */
export const experiments: Endpoint<Call> = {
  parameters: [...SHORTHAND, FORMAT, SAFE, ...LIMITS],
  answers: { 200: ROWS },
  errors: [404, 409, 422],

  handle(call) {
    const url = new URL(call.url);
    const { searchParams: search } = url;
    if (!search.has("cols")) search.set("cols", "id,name,kind,status,created_at,runs,tags,params");
    if (!search.has("sort")) search.set("sort", "-created_at");
    return answerQuery({ ...call, url });
  },
};
