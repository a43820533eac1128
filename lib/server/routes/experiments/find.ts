import { definitionFile } from "../../../format/layout/names.ts";
import { DbxError } from "../../../base/errors.ts";
import type { JsonObject } from "../../../base/json.ts";
import { json, PREFIX_WITHIN, query, UNCHANGED } from "../../api/parts.ts";
import { like, named, oneOf, text } from "../../api/schema.ts";
import { jsonAnswer } from "../../http/responses.ts";
import type { Call, Endpoint } from "../call.ts";

/** `GET /api/v1/find` */
export const find: Endpoint<Call> = {
  help: "With the exact text of the definitions.",
  parameters: [
    query("id", "an id or a prefix of one; <exp>/<run> for a run of one experiment", like(PREFIX_WITHIN), {
      required: true,
    }),
    query(
      "of",
      "experiment (the default) or run; an experiment's id means its latest run",
      oneOf(["experiment", "run"]),
    ),
    query("as", "the name of the repository in error messages", text(4096)),
  ],
  answers: { 200: json("where it is", named("Found")), 304: UNCHANGED },
  errors: [404, 409],

  async handle({ request, url: { searchParams: search }, served }) {
    const id = search.get("id")!;
    const meta = async (folder: string) => new TextDecoder().decode(await served.store.read(definitionFile(folder)));
    try {
      const places = await served.places();
      const run = search.get("of") === "run" ? await places.run(id) : undefined;
      const { folder, version } = run?.experiment ?? await places.experiment(id);
      const json: JsonObject = { experiment: { folder, version, meta: await meta(folder) } };
      if (run !== undefined && version === 1) json.run = { folder: run.folder, meta: await meta(run.folder) };
      return await jsonAnswer(request, json);
    } catch (error) {
      // The client knows the repository by a name of its own.
      const as = search.get("as");
      if (as !== null && error instanceof DbxError) error.message = error.message.replaceAll(served.store.location, as);
      throw error;
    }
  },
};
