import { UsageError } from "../../base/errors.ts";
import { checkExtendable } from "../../logger/create.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { newestOf } from "../../repo/experiments/addition.ts";
import type { START_OPTIONS } from "./start_options.ts";
import { checkSecrets, requestStart } from "./start_request.ts";
import type { Result } from "../../terminal/result.ts";

/** Asks for a further run. */
export async function run(context: Context, parsed: Parsed<typeof START_OPTIONS>): Promise<Result> {
  const repository = await context.repository();
  const experiment = await repository.findExperiment(parsed.positionals[0]);
  checkExtendable(experiment);
  const latest = newestOf(await experiment.runs());
  const cmd = parsed.rest.length > 0 ? parsed.rest : latest?.definition.cmd ?? [];
  if (cmd.length === 0) {
    throw new UsageError(
      `Cannot start experiment "${experiment.id}": the command of its runs is unknown; give one after --`,
    );
  }
  checkSecrets(context, parsed, cmd);
  return await requestStart(context, parsed, experiment.id, cmd);
}
