import { listUserFolder, readUserText } from "../../../fs/files/user_files.ts";
import type { PythonPlace } from "./python_places.ts";

/** An installed package, by the names of the folders that installers write beside it. */
const INSTALLED = /^(.+?)-([^-]+)\.dist-info$|^(.+?)-(\d[^-]*?)(?:-py[\d.]+)?\.egg-info$/;

/** The installed packages of a Python as lines `name==version`, ordered by name; without starting it. */
export function pythonPackages({ folders }: PythonPlace): string[] {
  const versions = new Map<string, string>();
  for (const folder of folders) {
    for (const { name } of listUserFolder(folder)) {
      const found = INSTALLED.exec(name);
      if (found === null) continue;
      const key = (found[1] ?? found[3]).toLowerCase().replace(/[-_.]+/g, "-");
      // What stands in the first folder hides what stands in the others.
      if (!versions.has(key)) versions.set(key, found[2] ?? found[4]);
    }
  }
  return Array.from(versions, ([name, version]) => `${name}==${version}`).sort();
}

/** The version of a Python, in full where a file says it. */
export function pythonVersion({ prefix, version }: PythonPlace): string | undefined {
  const config = readUserText(`${prefix}/pyvenv.cfg`);
  const own = config === undefined ? undefined : /^version(?:_info)?\s*=\s*(\d+\.\d+\.\d+)/m.exec(config)?.[1];
  // A folder of pyenv or conda is named after it.
  return own ?? /\/(\d+\.\d+\.\d+)$/.exec(prefix)?.[1] ?? version;
}
