import { json } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import type { Call, Endpoint } from "../call.ts";
import { askPool } from "./ask_pool.ts";

/** `GET /api/v1/schema` */
export const schema: Endpoint<Call> = {
  answers: { 200: json("the schema", named("Schema")) },
  errors: [404, 422],
  handle: (call) => askPool(call, { type: "schema" }),
};
