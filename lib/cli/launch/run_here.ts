import type { ExitResult } from "./errors.ts";
import { narrow } from "./narrow.ts";
import { ownOutputs } from "./own_outputs.ts";
import type { WorkerPermissions } from "./permissions.ts";
import type { RunOrder } from "./run_in_worker.ts";

/**
 * Runs a command in this isolate, which first gives up all that its worker would not hold, for good: to start a worker takes
 * longer than much of what commands do. Resolves to its exit code.
 */
export async function runHere(
  load: () => Promise<(order: RunOrder) => Promise<ExitResult>>,
  order: RunOrder,
  permissions: WorkerPermissions,
): Promise<number> {
  const execute = await load();
  // The environment cannot be looked at later.
  const { stderr } = ownOutputs();
  const end = ({ exitCode, lines }: ExitResult): number => {
    try {
      if (lines.length > 0) stderr.lines(lines);
    } catch {
      // stderr is closed: the exit code is all that is left to say.
    }
    return exitCode;
  };
  const onBug = (event: ErrorEvent | PromiseRejectionEvent): void => {
    event.preventDefault();
    const message = "reason" in event ? String(event.reason) : event.message;
    Deno.exit(end({ exitCode: 70, lines: [`dbx: this is a bug in dbx: ${message}`] }));
  };
  globalThis.addEventListener("error", onBug);
  globalThis.addEventListener("unhandledrejection", onBug);
  narrow(permissions);
  return end(await execute(order));
}
