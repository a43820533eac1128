/** Where a shell would find a command, or the exit code with which it would give up. */
export type Found = { readonly path: string; readonly code?: undefined } | {
  readonly path?: undefined;
  readonly code: 126 | 127;
};

/** Looks a command up as `sh` does: with a slash it is a path, else the first executable file in `PATH`. */
export function findProgram(name: string, searchPath: string, cwd: string): Found {
  const at = (path: string) => path.startsWith("/") ? path : `${cwd}/${path}`;
  const candidates = name.includes("/")
    ? [at(name)]
    : searchPath.split(":").filter(Boolean).map((dir) => `${at(dir)}/${name}`);
  let code: 126 | 127 = 127;
  for (const path of candidates) {
    try {
      const info = Deno.statSync(path);
      if (info.isFile && ((info.mode ?? 0o111) & 0o111) !== 0) return { path };
      code = 126;
    } catch {
      // Not there, or not to be seen: the next folder.
    }
  }
  return { code };
}
