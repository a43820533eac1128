/**
 * The folder in which what is logged for a server waits until that has it: `DBX_SPOOL`, else below `XDG_STATE_HOME`,
 * else below `~/.local/state`. Undefined if the environment says nothing of these.
 */
export function spoolFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { DBX_SPOOL: own, XDG_STATE_HOME: state, HOME: home } = env;
  if (own?.startsWith("/")) return own.replace(/\/+$/, "");
  if (state?.startsWith("/")) return `${state}/dbx/spool`;
  return home?.startsWith("/") ? `${home}/.local/state/dbx/spool` : undefined;
}
