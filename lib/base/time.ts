// The package has no types, and a URL import of the library has no import map.
// deno-lint-ignore no-import-prefix
import { delay } from "npm:deno-std@1.4.0/async/delay.js";

/** Waits, or returns early when the signal aborts. `persistent`: whether the process lives on for it. Default true. */
export async function pause(
  ms: number,
  signal?: AbortSignal,
  options: { readonly persistent?: boolean } = {},
): Promise<void> {
  await delay(ms, { ...options, signal }).catch(() => {});
}
