import { quoted } from "../e2e/dbx.ts";

/**
 * Puts a program `dbx` into a folder, which starts the one under test as a user starts it. Returns what the environment
 * needs for it to be found, with places for all that dbx keeps outside of repositories.
 */
export async function dbxOnPath(folder: string): Promise<Record<string, string>> {
  await Deno.mkdir(`${folder}/bin`, { recursive: true });
  await Deno.writeTextFile(`${folder}/bin/dbx`, `#!/bin/sh\nexec ${quoted()} "$@"\n`, { mode: 0o755 });
  return {
    PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
    DBX_SPOOL: `${folder}/spool`,
    XDG_CACHE_HOME: `${folder}/cache`,
    XDG_CONFIG_HOME: `${folder}/config`,
    DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`}/deno`,
  };
}
