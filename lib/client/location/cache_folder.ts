import { ifAbsolute } from "../../base/paths.ts";

/** The user's folder for what can be made again, an absolute path; undefined where the environment names none. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const given = ifAbsolute(env.XDG_CACHE_HOME), home = ifAbsolute(env.HOME);
  return given ?? (home === undefined ? undefined : `${home}/.cache`);
}
