import { UsageError } from "../../base/errors.ts";
import type { Experiment } from "../../repo/experiments/experiment.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { flag } from "../../cli/parse.ts";
import { addNote, openRepo } from "../../cli/repository/repository.ts";

/** Deletes experiments, or purges them. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const { checkOnlyPurge, purgeNamed } = await import("./purge/rm_purge.ts");
  if (flag(parsed, "purge")) return await purgeNamed(context, parsed);
  checkOnlyPurge(parsed);
  return await setDeleted(context, parsed, true);
}

/** Marks all experiments of a command line, or none where one is not there. */
export async function setDeleted(context: Context, parsed: Parsed, deleted: boolean): Promise<number> {
  const repository = await openRepo(context);
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
  const told: { exp: string; deleted: boolean; changed: boolean }[] = [];
  const isJson = flag(parsed, "json");
  for (const experiment of found.values()) {
    const isDeleted = (await experiment.notes()).deleted;
    const say = (what: string) => isJson || flag(parsed, "quiet") || context.stdout.line(`${experiment.id} ${what}`);
    told.push({ exp: experiment.id, deleted, changed: isDeleted !== deleted });
    if (isDeleted === deleted) {
      say(deleted ? "is already deleted" : "is not deleted");
      continue;
    }
    await addNote(context, repository, experiment, deleted ? "dbx/delete" : "dbx/restore", {});
    say(deleted ? "deleted" : "restored");
    if (!deleted && experiment.version === 1 && (await experiment.runs()).length === 0) {
      context.stderr.line(
        `dbx: ${experiment.id} has no runs here; if dbx gc removed them, synchronise with a copy that has them`,
      );
    }
  }
  if (isJson) context.stdout.json(told);
  return 0;
}
