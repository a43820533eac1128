/** Milliseconds that are waited at most because an answer says so, before the same is asked again. */
const MAX_RETRY_AFTER_MS = 30_000;

/**
 * Whether an answer says that there is no time for the question at present: too many at once, or too much in a time. One that
 * says to come again much later, as after wrong tokens, is not waited for.
 */
export function isBusy(response: Response): boolean {
  const { status } = response;
  return (status === 503 || status === 429) && retryAfter(response) <= MAX_RETRY_AFTER_MS;
}

/** Milliseconds after which an answer wants to be asked again; 0 where it does not say. */
export function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get("retry-after") ?? 0);
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : 0;
}
