import type { CommandEnvironment } from "../../cli/command.ts";

/** The path of a file that the user named. */
export function absolutePath({ cwd }: Pick<CommandEnvironment, "cwd">, path: string): string {
  return path.startsWith("/") ? path : `${cwd}/${path}`;
}

/** Where a file is written before it takes its place. */
export function temporaryOf(path: string): string {
  return `${path}.dbx-new`;
}
