import { UnreachableError } from "../../base/errors.ts";

/** Waits as `pause` does, but keeps no process alive. */
export function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    Deno.unrefTimer(timer as unknown as number);
    signal.addEventListener("abort", done, { once: true });
  });
}

/** Does some work for so many milliseconds at most; what goes on then is left to itself. */
export async function withTimeout<T>(milliseconds: number, work: (late: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const late = new UnreachableError("the server does not answer");
    controller.abort(late);
    reject(late);
  }, milliseconds);
  const working = work(controller.signal);
  working.catch(() => {}); // It may fail after nobody waits for it any more.
  try {
    return await Promise.race([working, promise]);
  } finally {
    clearTimeout(timer);
  }
}
