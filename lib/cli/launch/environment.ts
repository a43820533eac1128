/** The environment names that a command sees which hands none of them to a program. */
const VISIBLE =
  /^(DBX_.*|NO_COLOR|TERM|COLORTERM|COLUMNS|LINES|HOME|XDG_.*|PATH|TZ|LANG|LC_.*|GITHUB_ACTIONS|GITHUB_STEP_SUMMARY|GITLAB_CI)$/;

/** What commands see of an environment that do not ask for all of it. */
export function visibleVariables(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => VISIBLE.test(name)));
}

/**
 * The environment as dbx was given it. The runtime may put a folder with a `node` of its own in front of `PATH` and mark
 * that in `DENO_NODE_SHIM_ACTIVE`; a training must find the `node` that it finds without dbx.
 */
export function givenEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const { DENO_NODE_SHIM_ACTIVE: marked, PATH: path, ...others } = env;
  if (marked === undefined || path === undefined) return { ...env };
  const folders = path.split(":").filter((folder) => !folder.endsWith("/node_compat_bin"));
  return folders.length === 0 ? others : { ...others, PATH: folders.join(":") };
}
