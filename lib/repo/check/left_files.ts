import { LOCAL_FOLDER } from "../../format/layout/names.ts";

/** Where the folders are that `dbx run` gives to commands for their files. */
export const FILES_FOLDER = `${LOCAL_FOLDER}/files`;

/** The folder for the files of a run, relative to the repository. */
export function ownFiles(run: string): string {
  return `${FILES_FOLDER}/${run}`;
}
