import type { Opening } from "../../client/location/scheme.ts";
import type { ProcessContext } from "../command.ts";
import { withWaitNotice } from "./wait_notice.ts";

/** What a running command needs of its surroundings to open a location. */
export type OpeningContext = Pick<ProcessContext, "cwd" | "env" | "trust" | "programs" | "tokens" | "stderr">;

/** How a running command opens locations: with the tokens and programs that were found for it, and a word while it waits. */
export function openingOf({ cwd, env, trust, programs, tokens, stderr }: OpeningContext): Opening {
  const say = (line: string) => {
    try {
      stderr.line(line);
    } catch {
      // The reader has gone.
    }
  };
  return {
    cwd,
    env,
    trust,
    programs,
    tokenFor: (url) => tokens?.[url],
    wrapTransport: (transport, url) => withWaitNotice(transport, { stderr }, url),
    onMessage: (message) => say(`dbx: ${message}`),
    onRemoteLine: say,
  };
}
