import { NotFoundError } from "../../base/errors.ts";
import type { CommandEnvironment } from "../../cli/command.ts";
import { replaceUserFile } from "../../fs/files/atomic_file.ts";

type Place = Pick<CommandEnvironment, "cwd">;

/** What a worker may touch to save files that the user named: each, and where it is written before it takes its place. */
export function savedPaths(place: Place, paths: readonly (string | undefined)[]): string[] {
  return paths.filter((path) => path !== undefined).flatMap((path) => {
    const absolute = absolutePath(place, path);
    return [absolute, temporaryOf(absolute)];
  });
}

/** Writes a file that the user named, whole. */
export function saveNamed(place: Place, path: string, text: string): void {
  const absolute = absolutePath(place, path);
  replaceUserFile(absolute, temporaryOf(absolute), text);
}

/** The text of a file that the user named. `what` it is, and what to do without it, for the message. */
export function readNamed(place: Place, path: string, what: string, hint: string): string {
  try {
    return Deno.readTextFileSync(absolutePath(place, path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new NotFoundError(`Cannot read the ${what} "${path}": there is no such file; ${hint}`);
  }
}

/** The file of a job of GitHub Actions to which its summary is written; none elsewhere. */
export function summaryFile({ env }: Pick<CommandEnvironment, "env">): string[] {
  const { GITHUB_ACTIONS: isGithub, GITHUB_STEP_SUMMARY: path = "" } = env;
  return isGithub === "true" && path.startsWith("/") ? [path] : [];
}

/** Adds to the summary of a job of GitHub Actions. */
export function addToSummary(environment: Pick<CommandEnvironment, "env">, text: string): void {
  for (const path of summaryFile(environment)) Deno.writeTextFileSync(path, text, { append: true });
}

/** The path of a file that the user named. */
export function absolutePath({ cwd }: Place, path: string): string {
  return path.startsWith("/") ? path : `${cwd}/${path}`;
}

function temporaryOf(path: string): string {
  return `${path}.dbx-new`;
}
