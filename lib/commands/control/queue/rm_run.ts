import { NotFoundError } from "../../../base/errors.ts";
import { newId } from "../../../base/ids.ts";
import type { Context, Parsed } from "../../../cli/command.ts";
import { isForPeople } from "../../../cli/print_options.ts";
import { addNote } from "../../../cli/repository/repository.ts";
import { type QueueItem, readQueue } from "../../../repo/control/queue.ts";
import { COMMAND_EVENT, type StartRequest } from "../../../repo/control/requests.ts";
import { listResult, type Result } from "../../../terminal/result.ts";
import type { OPTIONS } from "./rm.ts";

/** Takes starts back that have not begun. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const repository = await context.repository();
  const queue = await readQueue(repository, context.now);
  const chosen = parsed.positionals.map((prefix) => pick(queue, prefix));
  const items: { id: string; exp: string; run: string; state: string }[] = [];
  let exitCode = 0;
  for (const { request, experiment, state } of chosen) {
    const { id, exp, run } = request;
    const isOver = state === "cancelled";
    const mayGo = isOver || state === "queued" || state === "expired";
    items.push({ id, exp, run, state: mayGo ? "cancelled" : state });
    if (!mayGo) {
      context.stderr.line(`dbx: ${id} has begun: it is ${state}; dbx stop ${run} stops it`);
      exitCode = 1;
    }
    if (!mayGo || isOver) continue;
    await addNote(context, experiment, COMMAND_EVENT, { command: "cancel", id: newId(), of: id });
    if (isForPeople(parsed.options)) context.stdout.line(`${id} is taken back`);
  }
  return listResult({ items, fields: ["id", "exp", "run", "state"], end: () => ({ exitCode }) });
}

function pick(queue: readonly QueueItem[], prefix: string): QueueItem {
  const fits = queue.filter(({ request }: { request: StartRequest }) =>
    request.id.startsWith(prefix) || request.run.startsWith(prefix)
  );
  if (fits.length === 1) return fits[0];
  const why = fits.length === 0 ? "no id starts with it" : `${fits.length} ids start with it`;
  throw new NotFoundError(`Cannot find the start "${prefix}": ${why}; dbx queue ls --all lists them`);
}
