/** Symbolic links that were met and not followed. */
const met = new Set<string>();

/** So many are remembered; further ones are not followed either, but no longer named. */
const MAX_LINKS = 10_000;

let tell: ((path: string) => void) | undefined;

/** Those that are not reported yet, as it is open whether what they stand in is read at all. */
let held: Set<string> | undefined;

/** Remembers a link, an absolute path, and reports it when it is met for the first time. */
export function meetLink(path: string): void {
  if (met.has(path) || met.size >= MAX_LINKS) return;
  met.add(path);
  if (held !== undefined) held.add(path);
  else tell?.(path);
}

/** Does something that decides whether a place is read: the links in one that is refused (it throws) are forgotten. */
export async function unlessRefused<T>(look: () => Promise<T>): Promise<T> {
  if (held !== undefined) return await look();
  const mine = held = new Set();
  try {
    const result = await look();
    for (const path of mine) tell?.(path);
    return result;
  } catch (error) {
    for (const path of mine) met.delete(path);
    throw error;
  } finally {
    held = undefined;
  }
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
