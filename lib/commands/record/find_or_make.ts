import { NotFoundError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Redactor } from "../../redact/redactor.ts";
import type { Context } from "../../cli/command.ts";
import type { RunArgs } from "./run_options.ts";
import type { LogTarget, TargetExperiment } from "../../cli/repository/access.ts";
import { newName } from "../../cli/new_name.ts";
import { checkParams } from "./params/changed_params.ts";
import { paramsOf } from "./params/params.ts";
import { RESUME_KEY, resumeId, resumeName } from "./resume.ts";
import { trainingOf } from "./params/training_command.ts";

/** The experiment of a run. */
export interface RunExperiment {
  readonly experiment: TargetExperiment;
  /** Params of this run that are not its experiment's. */
  readonly changed: JsonObject | undefined;
}

/** Finds the experiment that a command line names, or makes one. `inFile`: the params of `--params`. */
export async function findOrMake(
  context: Context,
  parsed: RunArgs,
  inFile: JsonObject,
  target: LogTarget,
  redactor: Redactor,
  onWarning: (message: string) => void,
): Promise<RunExperiment> {
  const params = paramsOf(parsed, inFile, redactor);
  const allowed = parsed.options["allow-changed-params"];
  const prefix = parsed.options.exp;
  if (prefix !== undefined) {
    const experiment = await target.find(prefix);
    return { experiment, changed: checkParams(experiment, params, { allowed }) };
  }
  const kind = parsed.options.kind ?? trainingOf(redactor.uncounted().words(parsed.rest)).kind;
  const wanted = { kind, name: newName(parsed.options.name, onWarning), params };
  const resume = resumeName(context, parsed);
  if (resume === undefined) return { experiment: await target.make(wanted), changed: undefined };

  const repository = await target.repositoryId();
  if (repository === undefined) {
    onWarning(`Cannot look for the experiment "${resume}": the server cannot be reached; this run creates a new one`);
    return { experiment: await target.make({ ...wanted, extra: { [RESUME_KEY]: resume } }), changed: undefined };
  }
  const id = resumeId(repository, resume);
  const experiment = await findIfThere(target, id) ??
    await target.makeOnce({ ...wanted, id, extra: { [RESUME_KEY]: resume } });
  if (await target.isDeleted(experiment)) {
    onWarning(
      `the experiment "${resume}" was deleted and stays hidden; dbx restore ${id} shows it and this run again`,
    );
  }
  return { experiment, changed: checkParams(experiment, params, { allowed }) };
}

async function findIfThere(
  target: LogTarget,
  id: string,
): Promise<TargetExperiment & { readonly params: JsonObject } | undefined> {
  try {
    return await target.find(id);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
