import { LOG_SUFFIX, META_FILE, NOTES_FOLDER, RUNS_FOLDER } from "./names.ts";

const RUN = new RegExp(`/${RUNS_FOLDER}/[^/]+$`);
const RUN_DEFINITION = new RegExp(`/${RUNS_FOLDER}/[^/]+/${META_FILE.replace(".", "\\.")}$`);
const LIFE = new RegExp(`^(.*/${RUNS_FOLDER}/[^/]+)/dbx${LOG_SUFFIX.replaceAll(".", "\\.")}$`);

/** Whether a file is the definition of an experiment or a run. */
export function isDefinition(name: string): boolean {
  return name.endsWith(`/${META_FILE}`);
}

/** Whether a file stands in the notes of an experiment. */
export function isNotesFile(name: string): boolean {
  return experimentOfNotes(name) !== undefined;
}

/** The folder of the experiment in whose notes a file stands; undefined for other files. */
export function experimentOfNotes(name: string): string | undefined {
  const slash = name.lastIndexOf("/");
  return name.endsWith(`/${NOTES_FOLDER}`, slash) ? name.slice(0, slash - NOTES_FOLDER.length - 1) : undefined;
}

/** Whether a folder is, by its name, that of a run of an experiment. */
export function isRunFolder(folder: string): boolean {
  return RUN.test(folder);
}

/** The folder of the experiment whose run, or which itself, has a folder. */
export function experimentOfFolder(folder: string): string {
  return folder.replace(RUN, "");
}

/** Whether a file is the definition of a run. */
export function isRunDefinition(name: string): boolean {
  return RUN_DEFINITION.test(name);
}

/** The folder of a run of whose life a file is the log, which seals the other logs of the run; undefined for other files. */
export function runOfLifeLog(name: string): string | undefined {
  return LIFE.exec(name)?.[1];
}

/** Whether a file is the log of a run's life. */
export function isLifeLog(name: string): boolean {
  return LIFE.test(name);
}
