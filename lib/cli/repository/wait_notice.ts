import { isBusy, retryAfter } from "../../client/http/retry.ts";
import type { Transport } from "../../client/http/exchange.ts";
import { cannotReach } from "../../client/http/unreachable.ts";
import type { Context } from "../command.ts";

/** Milliseconds for which nothing is said of a server that keeps a person waiting. */
const NOTICE_DELAY_MS = 700;

/**
 * `transport`, which reports at a terminal why a server keeps a person waiting: that its first answer takes long, and,
 * once until it answers again, that a request was sent in vain.
 */
export function withWaitNotice(transport: Transport, { stderr }: Pick<Context, "stderr">, url: string): Transport {
  if (!stderr.isTerminal) return transport;
  let waitsSince: number | undefined;
  let isTold = false;
  let isFirst = true;
  const noteTrouble = (words: string, wait: number) => {
    waitsSince ??= performance.now();
    if (performance.now() - waitsSince + wait < NOTICE_DELAY_MS || isTold) return;
    isTold = true;
    stderr.line(`dbx: ${words}; trying again`);
  };
  return async (request) => {
    // Later ones may wait on purpose, for news.
    const timer = isFirst
      ? setTimeout(() => stderr.line(`dbx: waiting for ${url} to answer`), NOTICE_DELAY_MS)
      : undefined;
    isFirst = false;
    try {
      const response = await transport(request);
      if (isBusy(response)) {
        const wait = retryAfter(response);
        const why = response.status === 429
          ? "asks for fewer requests (a limit of the token or the server)"
          : "is busy";
        noteTrouble(`${url} ${why}${wait < NOTICE_DELAY_MS ? "" : ` (${Math.ceil(wait / 1000)} s)`}`, wait);
      } else {
        waitsSince = undefined;
        isTold = false;
      }
      return response;
    } catch (error) {
      if (!request.signal.aborted) noteTrouble(cannotReach(url), 0);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}
