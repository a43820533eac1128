import { UsageError } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import { COMMAND_EVENT } from "../../repo/control/requests.ts";
import { pause } from "../../base/time.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./stop.ts";
import { isForPeople } from "../../cli/print_options.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { addNote } from "../../cli/repository/repository.ts";
import { durationOption } from "../../cli/duration_option.ts";

/** Asks a run to stop. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const word = parsed.options.grace;
  const grace = word === undefined ? undefined : durationOption(word, "grace") / 1000;
  const repository = await context.repository();
  const found = await repository.findRun(parsed.positionals[0]);
  if (found.experiment.version === 0) {
    throw new UsageError("Cannot stop a run in format v0: no dbx reads requests for it");
  }
  const { status } = await found.status(Date.now());
  const say = (message: string) => isForPeople(parsed.options) && context.stdout.line(message);
  const end = (asked: boolean, status: string) =>
    recordResult({ exp: found.experiment.id, run: found.id, asked, status });
  if (!["running", "unknown"].includes(status)) {
    say(`${found.id} is not running: it is ${status}`);
    return end(false, status);
  }
  const data = { command: "stop", id: newId(), run: found.id, ...(grace !== undefined && { grace }) };
  await addNote(context, found.experiment, COMMAND_EVENT, data);
  say(`${found.id} is asked to stop`);
  while (parsed.options.wait && !context.signal.aborted) {
    const now = await found.status(Date.now());
    if (!["running", "unknown"].includes(now.status)) {
      say(`${found.id} ${now.status}`);
      return end(true, now.status);
    }
    await pause(500, context.signal);
  }
  return end(true, status);
}
