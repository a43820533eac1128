import { UsageError } from "../../base/errors.ts";
import type { Experiment } from "../../repo/experiments/experiment.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./rm.ts";
import { type ACTION_OPTIONS, isForPeople } from "../../cli/print_options.ts";
import { listResult, type Result } from "../../terminal/result.ts";
import { addNote } from "../../cli/repository/repository.ts";

/** Deletes experiments, or purges them. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const { checkOnlyPurge, purgeNamed } = await import("./purge/rm_purge.ts");
  if (parsed.options.purge) return await purgeNamed(context, parsed);
  checkOnlyPurge(parsed);
  return await setDeleted(context, parsed, true);
}

/** Marks all experiments of a command line, or none where one is not there. */
export async function setDeleted(
  context: Context,
  parsed: Parsed<typeof ACTION_OPTIONS>,
  deleted: boolean,
): Promise<Result> {
  const repository = await context.repository();
  const found = new Map<string, Experiment>();
  for (const prefix of parsed.positionals) {
    const experiment = await repository.findExperiment(prefix);
    if (repository.version === 0) {
      throw new UsageError(
        `Cannot mark experiment "${experiment.id}": the repository is in format v0, which dbx does not write; dbx init converts it to v1`,
      );
    }
    found.set(experiment.id, experiment);
  }
  const reported: { exp: string; deleted: boolean; changed: boolean }[] = [];
  const forPeople = isForPeople(parsed.options);
  for (const experiment of found.values()) {
    const isDeleted = (await experiment.notes()).deleted;
    const say = (what: string) => forPeople && context.stdout.line(`${experiment.id} ${what}`);
    reported.push({ exp: experiment.id, deleted, changed: isDeleted !== deleted });
    if (isDeleted === deleted) {
      say(deleted ? "is already deleted" : "is not deleted");
      continue;
    }
    await addNote(context, experiment, deleted ? "dbx/delete" : "dbx/restore", {});
    say(deleted ? "deleted" : "restored");
    if (!deleted && experiment.version === 1 && (await experiment.runs()).length === 0) {
      context.stderr.line(
        `dbx: ${experiment.id} has no runs here; if dbx gc removed them, synchronise with a copy that has them`,
      );
    }
  }
  return listResult({ items: reported, fields: ["exp", "deleted", "changed"] });
}
