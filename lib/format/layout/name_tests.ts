import { LOG_SUFFIX, META_FILE, NOTES_FOLDER, RUNS_FOLDER } from "./names.ts";

const NOTES = new RegExp(`/${NOTES_FOLDER}/[^/]+$`);
const RUN_DEFINITION = new RegExp(`/${RUNS_FOLDER}/[^/]+/${META_FILE.replace(".", "\\.")}$`);
const LIFE = new RegExp(`^(.*/${RUNS_FOLDER}/[^/]+)/dbx${LOG_SUFFIX.replaceAll(".", "\\.")}$`);

/** Whether a file stands in the notes of an experiment. */
export function isNotesFile(name: string): boolean {
  return NOTES.test(name);
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
