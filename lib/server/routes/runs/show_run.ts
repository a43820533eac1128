import { json, RUN, UNCHANGED } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import { jsonAnswer } from "../../http/responses.ts";
import type { Call, Endpoint } from "../call.ts";
import { runJson } from "../experiments/run_json.ts";

/** `GET /api/v1/runs/{run}` */
export const showRun: Endpoint<Call> = {
  parameters: [RUN],
  answers: { 200: json("the run", named("RunAlone")), 304: UNCHANGED },
  errors: [404, 409],

  async handle({ request, path, served }) {
    const run = await (await served.places()).run(path.run);
    const logs = [];
    for (const name of await run.logs()) logs.push({ name, size: await run.log(name).size() });
    return await jsonAnswer(request, { ...runJson(run, await run.status()), exp: run.experiment.id, logs });
  },
};
