import type { Surroundings } from "./command.ts";

/** Where what is derived from a repository is kept: an absolute path. */
export function indexFolder(around: Pick<Surroundings, "repo">): string {
  return `${around.repo}/.dbx/index`;
}
