import { RefusedError, UsageError } from "../../../base/errors.ts";
import type { Context, Parsed } from "../../../cli/command.ts";
import { newName } from "../../../cli/new_name.ts";
import { addNote } from "../../../cli/repository/repository.ts";
import { createExperiment } from "../../../logger/create.ts";
import { Redactor } from "../../../redact/redactor.ts";
import type { Result } from "../../../terminal/result.ts";
import { paramsInFile, paramsOf } from "../../record/params/params.ts";
import { trainingOf } from "../../record/params/training_command.ts";
import { checkSecrets, requestStart } from "../start_request.ts";
import type { OPTIONS } from "./add.ts";

/** Milliseconds that a server may take to get a new experiment. */
const DRAIN_MS = 30_000;

/** Makes an experiment and asks for a run of it. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [program] = parsed.rest;
  if (program === undefined) {
    throw new UsageError(
      "Cannot add to the queue: no command was given; write it after --, as in dbx queue add -- python train.py",
    );
  }
  checkSecrets(context, parsed, parsed.rest);
  const redactor = new Redactor({ redact: parsed.options.redact, env: context.env });
  const params = paramsOf(parsed, await paramsInFile(context, parsed), redactor);
  // It makes the repository, where there is none.
  const target = await context.target();
  let id: string;
  try {
    await checkMayQueue(context);
    const kind = parsed.options.kind ?? trainingOf(redactor.uncounted().words(parsed.rest)).kind;
    const name = newName(parsed.options.name, (message) => context.stderr.line(`dbx: ${message}`));
    const { definition } = await createExperiment(target.store, { kind, name, params });
    id = definition.id;
  } finally {
    await target.close(DRAIN_MS);
  }
  const experiment = await (await context.repository()).findExperiment(id);
  for (const tag of parsed.options.tag) {
    await addNote(context, experiment, "dbx/tag", { tag: redactor.text(tag) });
  }
  return await requestStart(context, parsed, id, parsed.rest);
}

/** Refuses before anything is made what a server would refuse afterwards. */
async function checkMayQueue(context: Context): Promise<void> {
  const server = await context.server();
  if (server === undefined) return;
  const { role } = await server.client.json("about");
  if (role !== "read" && role !== "write" && role !== "agent") return;
  throw new RefusedError(
    `Cannot add to the queue with a token of the role ${role}: the operator of the server can create one with ` +
      "dbx token add NAME --role control",
  );
}
