import { absolute } from "../base/paths.ts";

/** Where a shell would find a command. With `code`, the shell would give up with it; `path` is then what is not executable. */
export interface Found {
  readonly path?: string;
  readonly code?: 126 | 127;
}

/** Where programs were found, by the word that names them. */
export type Programs = Readonly<Record<string, Found>>;

/** Where programs are looked for if the environment has no `PATH` at all. */
const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

/**
 * Whether a variable tells the system which libraries to load into a program: the runtime starts none with such a variable, unless it
 * may start all.
 */
export function isLoaderVariable(name: string): boolean {
  return /^(?:LD|DYLD)_/.test(name);
}

/** Looks a command up as `sh` does: with a slash it is a path, else the first executable file in `PATH`. */
function findProgram(name: string, searchPath: string | undefined, cwd: string): Found {
  const at = (path: string) => absolute(path, cwd);
  const candidates = name.includes("/")
    ? [at(name)]
    : (searchPath ?? DEFAULT_PATH).split(":").filter(Boolean).map((dir) => `${at(dir)}/${name}`);
  let barred: string | undefined;
  for (const path of candidates) {
    try {
      const info = Deno.statSync(path);
      if (info.isFile && ((info.mode ?? 0o111) & 0o111) !== 0) return { path };
      barred ??= path;
    } catch {
      // Not there, or not to be seen: the next folder.
    }
  }
  return barred === undefined ? { code: 127 } : { path: barred, code: 126 };
}

/** Looks programs up by the surroundings of a command; for `permissions`, which runs in the main isolate. */
export function findPrograms(
  names: readonly string[],
  { env, cwd }: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string },
): Programs {
  return Object.fromEntries(names.map((name) => [name, findProgram(name, env.PATH, cwd)]));
}

/** The paths of those that can be run. */
export function pathsOf(programs: Programs): string[] {
  return Object.values(programs).flatMap(({ path, code }) => path === undefined || code !== undefined ? [] : [path]);
}

/** A program that `permissions` looked up; for a command's worker, which may not read the folders of `PATH`. */
export function requireProgram(name: string, { programs }: { readonly programs?: Programs }): Found {
  return programs?.[name] ?? { code: 127 };
}
