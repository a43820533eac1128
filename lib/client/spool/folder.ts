import { ifAbsolute } from "../../base/paths.ts";

/**
 * The folder in which what is logged for a server waits until that has it: `DBX_SPOOL`, else below `XDG_STATE_HOME`,
 * else below `~/.local/state`. Undefined if the environment says nothing of these.
 */
export function spoolFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const own = ifAbsolute(env.DBX_SPOOL), state = ifAbsolute(env.XDG_STATE_HOME), home = ifAbsolute(env.HOME);
  if (own !== undefined) return own;
  if (state !== undefined) return `${state}/dbx/spool`;
  return home === undefined ? undefined : `${home}/.local/state/dbx/spool`;
}
