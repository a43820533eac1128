import { ownSources } from "./own_sources.ts";
import type { QueriedRepository, WorkerReply, WorkerRequest } from "./messages.ts";

/** Something beside the server that answers questions, one after another: a thread, or a process of its own. */
export interface QueryHelper {
  post(message: WorkerRequest): void;
  /** Ends it, whatever it does. */
  end(): void;
}

/** A message from a helper. */
export interface HelperEvents {
  readonly onMessage: (message: WorkerReply) => void;
  /** It ended by itself. `tooLarge`: because it took more memory than it may. */
  readonly onEnd: (why: string, tooLarge: boolean) => void;
}

/** Starts a helper for repositories. */
export type StartHelper = (repositories: readonly QueriedRepository[], events: HelperEvents) => QueryHelper;

/**
 * A thread of this process, with permissions for the repositories alone. It shares this process's memory: a question that takes
 * all of it ends both. Served to others, questions belong in processes.
 */
export const startThread: StartHelper = (repositories, { onMessage, onEnd }) => {
  const folders = repositories.flatMap(({ folder }) => (folder === undefined ? [] : [folder]));
  const permissions = {
    read: [...new Set([...repositories.map(({ path }) => path), ...folders]), ...ownSources()],
    write: folders,
    net: false,
    run: false,
    env: false,
    sys: false,
    ffi: false,
    import: false,
  };
  const options = { type: "module", name: "query", deno: { permissions } } as unknown as WorkerOptions;
  const worker = new Worker(new URL("./query_worker.ts", import.meta.url), options);
  worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => onMessage(data);
  worker.onerror = (event) => {
    event.preventDefault();
    onEnd(event.message, false);
  };
  worker.postMessage({ kind: "open", repositories } satisfies WorkerRequest);
  /** Of the question that is worked on: the thread looks there in the middle of a step. */
  const stops = new Map<number, Int32Array>();
  return {
    post(message) {
      if (message.kind === "ask") {
        stops.clear();
        const stop = new SharedArrayBuffer(4);
        stops.set(message.id, new Int32Array(stop));
        return worker.postMessage({ ...message, stop } satisfies WorkerRequest);
      }
      const stop = message.kind === "stop" ? stops.get(message.id) : undefined;
      if (stop !== undefined) Atomics.store(stop, 0, 1);
      worker.postMessage(message);
    },
    end: () => worker.terminate(),
  };
};
