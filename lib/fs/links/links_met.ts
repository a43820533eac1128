/** Symbolic links that were met and not followed. */
const met = new Set<string>();

/** So many are remembered; further ones are not followed either, but no longer named. */
const MAX_LINKS = 10_000;

let tell: ((path: string) => void) | undefined;

/** Remembers a link, an absolute path, and reports it when it is met for the first time. */
export function meetLink(path: string): void {
  if (met.has(path) || met.size >= MAX_LINKS) return;
  met.add(path);
  tell?.(path);
}

/** The links below a folder (an absolute path) that were met so far, relative to it. */
export function linksMet(root: string): string[] {
  const inside = `${root}/`;
  return [...met].filter((path) => path.startsWith(inside)).map((path) => path.slice(inside.length));
}

/**
 * From now on `listener` is called once for each link, with its absolute path; for those that were met before,
 * immediately.
 */
export function onLinkMet(listener: (path: string) => void): void {
  tell = listener;
  for (const path of met) listener(path);
}
