/** The user's folder for what can be made again, an absolute path; undefined where the environment names none. */
export function cacheFolder(
  { XDG_CACHE_HOME: given, HOME: home }: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (given?.startsWith("/")) return given;
  return home?.startsWith("/") ? `${home}/.cache` : undefined;
}
