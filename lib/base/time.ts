// The package has no types, and a URL import of the library has no import map.
// deno-lint-ignore no-import-prefix
import { delay } from "npm:deno-std@1.4.0/async/delay.js";

/** Waits, or returns early when the signal aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, { signal }).catch(() => {});
}
