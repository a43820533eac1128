import { json } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import type { Endpoint, OpenCall } from "../call.ts";

/** `GET /healthz` */
export const health: Endpoint<OpenCall> = {
  answers: { 200: json("the server answers", named("Healthy")) },
  handle: () => Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } }),
};
