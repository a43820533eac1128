import { cacheFolder } from "../../../client/location/cache_folder.ts";

/** The folder of the start-up file in the user's cache folder, an absolute path; undefined if there is none. */
export function pythonFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const cache = cacheFolder(env);
  // A folder with a colon cannot stand in PYTHONPATH.
  return cache === undefined || cache.includes(":") ? undefined : `${cache}/dbx/python`;
}
