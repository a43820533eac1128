import { isBusy, retryAfter } from "../../client/http/retry.ts";
import type { Transport } from "../../client/http/exchange.ts";
import { cannotReach } from "../../client/http/unreachable.ts";
import type { Context } from "../command.ts";

/** Milliseconds for which nothing is said of a server that keeps a person waiting. */
const NOTICE_DELAY_MS = 700;

/** What keeps a person waiting: a server that does not answer, or one that answers that it is busy. */
type Trouble = "silent" | "busy";

/**
 * `transport`, which reports at a terminal why a server keeps a person waiting: that its first answer takes long, and that a
 * request was sent in vain. Of one trouble it speaks once, until a request that began later is answered.
 */
export function withWaitNotice(transport: Transport, { stderr }: Pick<Context, "stderr">, url: string): Transport {
  if (!stderr.isTerminal) return transport;
  let waitsSince: number | undefined;
  let lastTrouble = -Infinity;
  let told: Trouble | undefined;
  let isFirst = true;
  const tell = (trouble: Trouble, words: string) => {
    if (told === trouble) return;
    told = trouble;
    stderr.line(`dbx: ${words}`);
  };
  const noteTrouble = (trouble: Trouble, words: string, wait: number) => {
    lastTrouble = performance.now();
    waitsSince ??= lastTrouble;
    if (lastTrouble - waitsSince + wait >= NOTICE_DELAY_MS) tell(trouble, `${words}; trying again`);
  };
  return async (request) => {
    const began = performance.now();
    // Later ones may wait on purpose, for news.
    const timer = isFirst
      ? setTimeout(() => tell("silent", `waiting for ${url} to answer`), NOTICE_DELAY_MS)
      : undefined;
    isFirst = false;
    try {
      const response = await transport(request);
      if (isBusy(response)) {
        const wait = retryAfter(response);
        const why = response.status === 429
          ? "asks for fewer requests (a limit of the token or the server)"
          : "is busy";
        noteTrouble("busy", `${url} ${why}${wait < NOTICE_DELAY_MS ? "" : ` (${Math.ceil(wait / 1000)} s)`}`, wait);
      } else if (began > lastTrouble) {
        waitsSince = undefined;
        told = undefined;
      }
      return response;
    } catch (error) {
      if (!request.signal.aborted) noteTrouble("silent", cannotReach(url), 0);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}
