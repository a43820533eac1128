import type { Context, Parsed } from "../../../cli/command.ts";
import { readQueue } from "../../../repo/control/queue.ts";
import { listResult, type Result } from "../../../terminal/result.ts";
import { age } from "../../../terminal/values.ts";
import type { OPTIONS } from "./ls.ts";

/** The states of what is not over. */
const OPEN = ["queued", "claimed", "expired", "running"];

/** Lists the queue. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const all = await readQueue(await context.repository(), context.now);
  const shown = parsed.options.all ? all : all.filter(({ state }) => OPEN.includes(state));
  const items = shown.map(({ request, state, attempt }) => {
    const { id, exp, run, ts, cmd, cwd, env, agents } = request;
    return { id, exp, run, ts, state, attempt, cmd, cwd, env, agents };
  });
  return listResult({
    items,
    fields: ["id", "exp", "run", "ts", "state", "attempt", "cmd", "cwd", "env", "agents"],
    columns: [
      { head: "id", text: ({ id }) => id },
      { head: "run", text: ({ exp, run }) => `${exp}/${run}` },
      { head: "state", text: ({ state, attempt }) => attempt > 0 && state === "queued" ? "offered again" : state },
      { head: "age", text: ({ ts }) => age(ts, context.now) },
      { head: "command", text: ({ cmd }) => cmd.join(" ") },
    ],
    empty: "the queue is empty",
  });
}
