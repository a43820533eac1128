/**
 * Waits until a new second has begun, and returns it: the time of a change (`ctime`), which nobody can set, is given in
 * whole seconds, so that a second change shows from then on only.
 */
export async function nextSecond(): Promise<number> {
  const second = Math.floor(Date.now() / 1000) * 1000 + 1000;
  // The times of files may lag behind the clock by a tick of the kernel.
  while (Date.now() < second + 20) await new Promise((resolve) => setTimeout(resolve, second + 20 - Date.now()));
  return second;
}
