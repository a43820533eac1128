import { ifAbsolute } from "../../base/paths.ts";

/** The user's folder for settings of dbx; undefined where the environment says nothing of it. */
export function configFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const config = ifAbsolute(env.XDG_CONFIG_HOME), home = ifAbsolute(env.HOME);
  if (config !== undefined) return `${config}/dbx`;
  return home === undefined ? undefined : `${home}/.config/dbx`;
}
