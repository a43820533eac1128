/** The user's folder for settings of dbx; undefined where the environment says nothing of it. */
export function configFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { XDG_CONFIG_HOME: config, HOME: home } = env;
  if (config?.startsWith("/")) return `${config.replace(/\/+$/, "")}/dbx`;
  return home?.startsWith("/") ? `${home.replace(/\/+$/, "")}/.config/dbx` : undefined;
}
