// Loaded with the description of `dbx run`, so it imports little.
import { absolute, ifAbsolute, lastSegment, parentOf } from "../../../base/paths.ts";
import { realPath } from "../../../fs/access/real_path.ts";
import { listUserFolder, lookAtUserFile, readUserText } from "../../../fs/files/user_files.ts";
import type { CommandEnvironment } from "../../../cli/command.ts";

/** A Python and the folders in which its packages are. */
export interface PythonPlace {
  /** The folder of the environment, an absolute path: that of a venv, of conda, or such as `/usr`. */
  readonly prefix: string;
  /** Such as `3.11`; undefined if the environment has several. */
  readonly version?: string;
  /** The folders of packages; the first that has one goes before the others. */
  readonly folders: readonly string[];
}

/** Programs that Python packages install, or that start a Python of a project. */
const PYTHON =
  /^(?:i?python[\d.]*|torchrun|accelerate|deepspeed|lightning|composer|jupyter|pytest|papermill|colossalai|horovodrun)$/;
const PROJECT = /^(?:uv|uvx|poetry|pdm|hatch|pipenv|rye)$/;

/**
 * The Python that a command uses, found without starting it: the one that is named, the environment that is active, or that of the
 * project. Undefined where nothing speaks of a Python. `program`: the absolute path of the command's first word.
 */
export function findPython(
  words: readonly string[],
  program: string | undefined,
  { env, cwd }: Pick<CommandEnvironment, "env" | "cwd">,
): PythonPlace | undefined {
  const first = lastSegment(words[0] ?? "");
  const active = ifAbsolute(env.VIRTUAL_ENV) ?? ifAbsolute(env.CONDA_PREFIX);
  if (program !== undefined && PYTHON.test(first)) return ofProgram(program, env, cwd);
  const project = PROJECT.test(first) ? projectEnvironment(cwd) : undefined;
  if (project !== undefined) return ofPrefix(project);
  const named = words.slice(1).find((word) => word.startsWith("/") && /^python[\d.]*$/.test(lastSegment(word)));
  if (named !== undefined) return ofProgram(named, env, cwd);
  if (active !== undefined) return ofPrefix(active);
  if (!words.some((word) => PYTHON.test(lastSegment(word)) || word.endsWith(".py"))) return undefined;
  const python = (env.PATH ?? "").split(":").filter(Boolean).flatMap((folder) =>
    ["python", "python3"].map((name) => `${absolute(folder, cwd)}/${name}`)
  ).find((path) => lookAtUserFile(path) !== undefined);
  return python === undefined ? undefined : ofProgram(python, env, cwd);
}

/** The environment of an executable: a venv where it stands in one, else that of the file behind its links. */
function ofProgram(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): PythonPlace | undefined {
  const prefix = parentOf(parentOf(program));
  if (lookAtUserFile(`${prefix}/pyvenv.cfg`) !== undefined) return ofPrefix(prefix);
  if (lastSegment(parentOf(program)) === "shims") {
    const version = pyenvVersion(prefix, env, cwd);
    return version === undefined ? undefined : ofPrefix(`${prefix}/versions/${version}`);
  }
  const real = realPath(program);
  const version = /^python(\d+\.\d+)$/.exec(lastSegment(real))?.[1];
  return ofPrefix(parentOf(parentOf(real)), version);
}

/** pyenv puts scripts of its own in the place of `python`; which version they start, the environment or a file says. */
function pyenvVersion(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string | undefined {
  const texts = [env.PYENV_VERSION?.replace(/:.*$/, "")];
  for (let folder = cwd; folder !== ""; folder = parentOf(folder)) {
    texts.push(readUserText(`${folder}/.python-version`));
  }
  texts.push(readUserText(`${root}/version`));
  const wanted = texts.find((text) => text !== undefined && text.trim() !== "")?.trim().split(/\s+/)[0];
  if (wanted === undefined || !/^[\w.+-]+$/.test(wanted)) return undefined;
  const names = listUserFolder(`${root}/versions`).map(({ name }) => name);
  // `3.11` stands for the newest 3.11.x.
  return names.includes(wanted) ? wanted : names.filter((name) => name.startsWith(`${wanted}.`)).at(-1);
}

function projectEnvironment(cwd: string): string | undefined {
  for (let folder = cwd; folder !== ""; folder = parentOf(folder)) {
    if (lookAtUserFile(`${folder}/.venv/pyvenv.cfg`) !== undefined) return `${folder}/.venv`;
  }
  return undefined;
}

function ofPrefix(prefix: string, version?: string): PythonPlace | undefined {
  const config = readUserText(`${prefix}/pyvenv.cfg`);
  const own = config === undefined ? undefined : /^version(?:_info)?\s*=\s*(\d+\.\d+)/m.exec(config)?.[1];
  const known = version ?? own;
  const versions = listUserFolder(`${prefix}/lib`).map(({ name }) => name)
    .filter((name) => known === undefined ? /^python3\.\d+$/.test(name) : name === `python${known}`);
  const folders = versions.flatMap((name) => [
    ...prefix === "/usr" ? [`/usr/local/lib/${name}/dist-packages`] : [],
    `${prefix}/lib/${name}/site-packages`,
  ]);
  if (prefix === "/usr") folders.push("/usr/lib/python3/dist-packages");
  const there = folders.filter((folder) => lookAtUserFile(folder)?.isDirectory === true);
  if (there.length === 0) return undefined;
  const only = known ?? (versions.length === 1 ? versions[0].slice("python".length) : undefined);
  return { prefix, version: only, folders: there };
}
