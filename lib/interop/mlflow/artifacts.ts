import { isAbsolute, isBelow } from "../../base/paths.ts";
import { bundledFiles } from "../files/bundled_files.ts";
import { isFolder } from "../files/source_files.ts";
import type { ForeignRecord } from "../foreign.ts";
import type { MlflowRun } from "./mlflow_run.ts";

/** Folders beside a database in which MLflow keeps artifacts by default. */
const USUAL = ["mlruns", "mlartifacts", "artifacts"];

/** Runs whose artifacts are not below what is imported. */
export class ArtifactsElsewhere {
  #count = 0;
  #example: MlflowRun | undefined;

  add(run: MlflowRun): void {
    this.#count++;
    this.#example ??= run;
  }

  /** What is to be said of them. */
  problem(file: string): ForeignRecord | undefined {
    if (this.#example === undefined) return undefined;
    const { id, artifactUri } = this.#example;
    return {
      type: "problem",
      file,
      what: `artifacts of ${
        this.#count === 1 ? "one run" : `${this.#count} runs`
      } are kept elsewhere, those of ${id} in ${artifactUri}`,
      advice: "to have them too, copy them beside what is imported, as mlruns/<experiment>/<run>/artifacts",
      isWaiting: true,
    };
  }
}

/**
 * The artifacts of a run as files. They are looked for below the folder that is imported only, wherever the store says that they
 * are: a store may come from somebody else, and could name any folder of this machine.
 */
export async function artifactRecords(
  run: MlflowRun,
  at: { readonly root: string; readonly folder?: string; readonly file: string },
  elsewhere: ArtifactsElsewhere,
): Promise<ForeignRecord[]> {
  const folder = at.folder ?? await artifactFolder(run, at.root);
  if (folder === undefined) {
    if (isElsewhere(run, at.root)) elsewhere.add(run);
    return [];
  }
  const { files, leftOut } = await bundledFiles(folder, at.root);
  return [
    ...files.map(({ name, path }): ForeignRecord => ({ type: "file", run: run.id, name, content: { path } })),
    ...leftOut.map(({ name, why }): ForeignRecord => ({
      type: "problem",
      file: at.file,
      what: `the artifact ${name} of run ${run.id}: ${why}`,
      advice: "it is left out",
    })),
  ];
}

async function artifactFolder({ id, experiment }: MlflowRun, root: string): Promise<string | undefined> {
  if (![id, experiment.id].every(isPlain)) return undefined;
  for (const usual of USUAL) {
    const folder = `${root}/${usual}/${experiment.id}/${id}/artifacts`;
    if (await isFolder(folder)) return folder;
  }
}

/** Whether a text can only be the name of an entry of a folder. */
function isPlain(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

/** Whether the store of a run's artifacts is not below a folder. MLflow names one for each run, also for runs that have none. */
function isElsewhere({ artifactUri }: MlflowRun, root: string): boolean {
  if (artifactUri === undefined) return false;
  if (/^(?!file:)[a-z][\w+.-]+:\//i.test(artifactUri)) return true;
  const path = artifactUri.replace(/^file:\/\//, "");
  return isAbsolute(path) && !isBelow(path, root);
}
