// Loaded before the worker of `dbx run` starts, so it imports little.
import { absolute, parentOf } from "../../../base/paths.ts";
import { realPath } from "../../../fs/access/real_path.ts";
import { lookAtUserFile } from "../../../fs/files/user_files.ts";
import type { CommandEnvironment } from "../../../cli/command.ts";
import type { RunArgs } from "../run_options.ts";
import { trainingOf } from "../params/training_command.ts";
import { MACHINE_FILES } from "./machine_files.ts";
import { findPython, type PythonPlace } from "./python_places.ts";

/** What surrounds a command, found before its worker has its permissions. */
export interface Surroundings {
  /** The Python that it uses. */
  readonly python?: PythonPlace;
  /** The absolute path of its script, without links. */
  readonly script?: string;
  /** The top of the working tree of git, without links. */
  readonly tree?: string;
}

/** Finds what `dbx run` records besides the command, and the paths that the worker has to read for it. `program`: the command's path. */
export function findSurroundings(
  parsed: RunArgs,
  program: string | undefined,
  environment: CommandEnvironment,
): { readonly found: Readonly<Record<string, unknown>>; readonly read: readonly string[] } {
  const { cwd } = environment;
  const python = findPython(parsed.rest, program, environment);
  const read = [...MACHINE_FILES];
  if (python !== undefined) read.push(...python.folders, `${python.prefix}/pyvenv.cfg`);
  const found: { -readonly [Key in keyof Surroundings]: Surroundings[Key] } = { python };
  if (parsed.options.code !== false) {
    found.tree = parsed.options.git === false ? undefined : topOfTree(cwd);
    found.script = scriptPath(trainingOf(parsed.rest).script, cwd);
    if (found.tree !== undefined) read.push(found.tree);
    if (found.script !== undefined) read.push(parentOf(found.script) || "/");
  }
  return { found: { surroundings: found }, read };
}

function topOfTree(cwd: string): string | undefined {
  for (let folder = cwd; folder !== ""; folder = parentOf(folder)) {
    if (lookAtUserFile(`${folder}/.git`) !== undefined) return realPath(folder);
  }
  return undefined;
}

/** Undefined for a program that is looked up in PATH, or a module. */
function scriptPath(script: string, cwd: string): string | undefined {
  if (script === "") return undefined;
  const path = absolute(script, cwd);
  return lookAtUserFile(path) === undefined ? undefined : realPath(path);
}
