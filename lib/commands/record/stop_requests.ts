import { messageOf } from "../../base/errors.ts";
import type { StopRequest } from "../../repo/control/requests.ts";
import { pause } from "../../base/time.ts";
import type { LogTarget, TargetExperiment } from "../../cli/repository/access.ts";

/** Milliseconds between two looks, in a folder and at a server. */
const LOOK_MS = { folder: 1000, server: 2000 };

/** Waits for requests to stop a run, until the signal aborts. A look that fails is repeated; it stops nothing. */
export async function onStopRequest(
  target: LogTarget,
  experiment: TargetExperiment,
  run: string,
  onRequest: (request: StopRequest) => void,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    await pause(target.isRemote ? LOOK_MS.server : LOOK_MS.folder, signal);
    if (signal.aborted) return;
    try {
      for (const request of await target.requests(experiment)) {
        if (request.command !== "stop" || request.run !== run || seen.has(request.id)) continue;
        seen.add(request.id);
        onRequest(request);
      }
    } catch (error) {
      messageOf(error); // The server is away, or the folder: later.
    }
  }
}
