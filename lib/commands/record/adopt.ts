import { messageOf } from "../../base/errors.ts";
import { logFileName } from "../../format/names.ts";
import { Lifecycle } from "../../logger/lifecycle.ts";
import type { LogWriter } from "../../logger/log_writer.ts";
import type { Context } from "../command.ts";
import { openTarget } from "../log_target.ts";
import { capture } from "../run/capture.ts";
import type { ScalarFinder } from "./scalars/finder.ts";
import { ArrivalWatcher } from "./arrivals.ts";
import { childOutput } from "./output.ts";
import { openReadEnd } from "./pipes.ts";

/** What a dbx that dies leaves to the next: the file `run.json` beside the FIFOs. */
export interface Estate {
  /** The absolute path of the run's folder. */
  readonly dir: string;
  readonly exp: string;
  readonly run: string;
  /** The process that died. */
  readonly dbx: number;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
}

/** Milliseconds that the end waits for a server. */
const DRAIN_MS = 60_000;

/** Writes what another dbx needs to go on. */
export async function writeEstate(folder: string, estate: Estate): Promise<void> {
  await Deno.writeTextFile(`${folder}/run.json`, JSON.stringify(estate));
}

/**
 * Goes on recording a run whose dbx died: reads the child's output from the FIFOs in `folder`, or from the files in which the
 * keeper kept it, into the same logs, and writes the end when the output ends. How the child ended is not known.
 */
export async function adopt(
  context: Context,
  folder: string,
  newFinder: (() => ScalarFinder) | undefined,
  say: (message: string) => void,
): Promise<number> {
  const { dir, exp, run, dbx, startedAt } = JSON.parse(await Deno.readTextFile(`${folder}/run.json`)) as Estate;
  const target = await openTarget(context).catch((error) => void say(messageOf(error)));
  const kept = await Deno.stat(`${folder}/out.kept`).then(() => true, () => false);
  const files = kept
    ? [Deno.openSync(`${folder}/out.kept`), Deno.openSync(`${folder}/err.kept`)]
    : [openReadEnd(`${folder}/out`), openReadEnd(`${folder}/err`)];
  const start = { pid: Deno.pid, hostname: Deno.hostname(), adopted: dbx };
  const root = target !== undefined && dir.startsWith(`${target.store.location}/`) ? target.store.folder : undefined;
  const life = new Lifecycle(`${dir}/${logFileName("dbx")}`, start, say, { startedAt, root });
  const open = (name: string) => life.open(name, { onWarning: say, durability: "os" });
  say(`dbx ${dbx} died; recording run ${exp}/${run} goes on`);
  const arrivals = new ArrivalWatcher(dir, (event, data) => life.write(event, data));
  const lines = open("stdout");
  const logs = [lines];
  const later = (name: string) => {
    let log: LogWriter | undefined;
    return () => {
      if (log === undefined) logs.push(log = open(name));
      return log;
    };
  };
  await Promise.all([
    capture(
      childOutput(files[0]),
      "stdout",
      { through: context.stdout, lines, events: later("printed"), scalars: newFinder?.() },
      say,
    ),
    capture(
      childOutput(files[1]),
      "stderr",
      { through: context.stderr, lines, events: later("printed_stderr"), scalars: newFinder?.() },
      say,
    ),
  ]);
  arrivals.finish();
  const reports = await Promise.all(logs.map((log) => log.close()));
  const lost = reports.reduce((sum, report) => sum + report.lost, 0);
  await life.end({ status: "unknown" }, {
    events: lost,
    reasons: [...new Set(reports.flatMap(({ reasons }) => reasons))],
  });
  await target?.close(DRAIN_MS);
  return 0;
}
