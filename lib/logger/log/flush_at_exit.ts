/** Something that holds back bytes for a short while. */
export interface Flushable {
  flush(): void;
}

const open = new Set<Flushable>();

/**
 * What is raised when a script ends, calls `Deno.exit`, or dies of an uncaught error. Nothing is raised when a process
 * is killed, or when a worker is closed or terminated.
 */
const EVENTS = ["unload", "beforeunload", "error", "unhandledrejection"] as const;

/** Flushes something when the program ends, until that is no longer needed. */
export function flushAtExit(writer: Flushable): void {
  if (open.size === 0) { for (const event of EVENTS) globalThis.addEventListener(event, flushAll); }
  open.add(writer);
}

/** Ends what `flushAtExit` began. */
export function noFlushAtExit(writer: Flushable): void {
  if (open.delete(writer) && open.size === 0) {
    for (const event of EVENTS) globalThis.removeEventListener(event, flushAll);
  }
}

/** Whether this is a worker, whose end by `close` or `terminate` raises no event. */
export function isWorker(): boolean {
  return "DedicatedWorkerGlobalScope" in globalThis;
}

function flushAll(): void {
  for (const writer of open) {
    try {
      writer.flush();
    } catch {
      // The others still have their turn.
    }
  }
}
