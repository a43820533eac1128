import { UsageError } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { addNote } from "../../cli/repository/repository.ts";
import { describeRedacted, Redactor } from "../../redact/redactor.ts";
import { COMMAND_EVENT } from "../../repo/control/requests.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { pairsOf } from "../record/params/experiment_options.ts";
import type { START_OPTIONS } from "./start_options.ts";

/**
 * Refuses a command that seems to hold a secret: the agent needs its words as they are, and the notes keep them for good.
 *
 * @throws {UsageError}
 */
export function checkSecrets(context: Context, parsed: Parsed<typeof START_OPTIONS>, cmd: readonly string[]): void {
  if (parsed.options["allow-secrets"]) return;
  const redactor = new Redactor({ redact: parsed.options.redact, env: context.env });
  const words = redactor.words(cmd);
  for (const [name, value] of pairsOf(parsed.options.env)) redactor.value(name, value ?? "");
  const found = describeRedacted(redactor.counts);
  if (found === undefined) return;
  const word = words.findIndex((word, at) => word !== cmd[at]);
  throw new UsageError(
    `Cannot queue a command with ${found} in ${
      word < 0 ? "its --env" : `word ${word + 1}`
    }: everyone who can read the ` +
      "repository could read it; set it in the environment of the agent, or use --allow-secrets",
  );
}

/** Asks for a start. */
export async function requestStart(
  context: Context,
  parsed: Parsed<typeof START_OPTIONS>,
  exp: string,
  cmd: readonly string[],
): Promise<Result> {
  const repository = await context.repository();
  const experiment = await repository.findExperiment(exp);
  const env = pairsOf(parsed.options.env).map(([name, value]) => {
    if (value === undefined || name === "") throw new UsageError(`Cannot use --env "${name}": write it as NAME=value`);
    return [name, value];
  });
  const cwd = parsed.options.cwd;
  const agents = [...parsed.options.agent];
  const start = {
    command: "start",
    id: newId(),
    run: newId(),
    cmd: [...cmd],
    ...(cwd && { cwd }),
    env: Object.fromEntries(env),
    ...(agents.length > 0 && { agents }),
  };
  await addNote(context, experiment, COMMAND_EVENT, start);
  const made = { id: start.id, exp: experiment.id, run: start.run };
  return recordResult(made, { text: (out) => out.line(`${made.id}  ${made.exp}/${made.run}`) });
}
