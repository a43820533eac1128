import { json, UNCHANGED } from "../../api/parts.ts";
import { textAnswer } from "../../http/responses.ts";
import type { Endpoint, OpenCall } from "../call.ts";

/** `GET /api/v1/openapi.json` */
export const openapi: Endpoint<OpenCall> = {
  answers: { 200: json("an OpenAPI document", { type: "object", required: ["openapi", "paths"] }), 304: UNCHANGED },
  handle: ({ request, describe }) => textAnswer(request, describe()),
};
