import { readRequests } from "../../../repo/control/requests.ts";
import { EXP, json, UNCHANGED } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import { jsonAnswer } from "../../http/responses.ts";
import type { Call, Endpoint } from "../call.ts";

/** `GET /api/v1/experiments/{exp}/requests` */
export const requests: Endpoint<Call> = {
  parameters: [EXP],
  answers: { 200: json("the requests, in order of time", named("Requests")), 304: UNCHANGED },
  errors: [404, 409],

  async handle({ request, path, served }) {
    const experiment = await (await served.places()).experiment(path.exp);
    return await jsonAnswer(request, { requests: await readRequests(experiment) });
  },
};
