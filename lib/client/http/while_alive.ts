/**
 * Waits for an answer that may take long, as long as the server answers `probe` meanwhile: a server that works for a
 * quarter of an hour is told apart from one that has stopped answering. `everyMs`: milliseconds between two probes.
 */
export async function whileAlive(
  ask: (signal: AbortSignal) => Promise<Response>,
  probe: () => Promise<void>,
  { everyMs, signal }: { readonly everyMs: number; readonly signal?: AbortSignal },
): Promise<Response> {
  const silent = new AbortController();
  const answer = ask(signal === undefined ? silent.signal : AbortSignal.any([signal, silent.signal]));
  answer.catch(() => {}); // It may be aborted below.
  while (true) {
    const { promise: due, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, everyMs);
    const response = await Promise.race([answer, due]).finally(() => clearTimeout(timer));
    if (response instanceof Response) return response;
    try {
      await probe();
    } catch (error) {
      silent.abort(error);
      throw error;
    }
  }
}
