import { DbxError, messageOf, NotFoundError, UsageError } from "../../base/errors.ts";
import { isUrl } from "../../base/server_url.ts";
import { logFile, runFolder } from "../../format/layout/names.ts";
import { FILES_LOG } from "../../format/events/file_event.ts";
import { PRINTED_LOGS } from "../../format/events/printed_line.ts";
import { Lifecycle, REDACTED_EVENT } from "../../logger/lifecycle.ts";
import type { LogWriter } from "../../logger/log/log_writer.ts";
import { COMMAND_EVENT, type StopRequest } from "../../repo/control/requests.ts";
import { ownFiles } from "../../repo/check/left_files.ts";
import { PIPES_FOLDER } from "../../repo/check/left_output.ts";
import { type DerivedFolder, derivedFolder } from "../../fs/folders/derived_folder.ts";
import { hasReader, openFifo, writeFifo } from "../../fs/fifo.ts";
import { lstatBelow } from "../../fs/folders/open_below.ts";
import { Output } from "../../terminal/output.ts";
import { Redactor } from "../../redact/redactor.ts";
import type { Context } from "../../cli/command.ts";
import { capture } from "../../printed/capture.ts";
import { PrintedOutput } from "../../printed/printed_output.ts";
import { onStopRequest } from "./stop_requests.ts";
import type { ScalarFinder } from "../../printed/scalar_finder.ts";
import { ArrivalWatcher } from "./arrivals.ts";
import { noteCaptured } from "./captured_notes.ts";
import { childOutput } from "./child/child_output.ts";
import { openReadEnd } from "./child/pipes.ts";
import { FileRecorder } from "./files/file_recorder.ts";
import { unkeptIn } from "./files/unkept_in.ts";
import { importFiles } from "./files/import_files.ts";
import type { KeepChoice } from "./files/keep_options.ts";
import { isAbsolute } from "../../base/paths.ts";

/** What a dbx that dies leaves to the next: the file `run.json` beside the FIFOs. */
export interface Estate {
  /** The absolute path of the run's folder. */
  readonly dir: string;
  readonly exp: string;
  /** The experiment's folder, relative to the repository. */
  readonly folder: string;
  readonly run: string;
  /** The absolute path of the repository, or of the spool that waits for a server. */
  readonly store: string;
  /** Where it ran. */
  readonly hostname: string;
  /** The process that died. */
  readonly dbx: number;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** What the run was to redact besides (`--redact`): the person who imports it need not say it again. */
  readonly redact?: readonly string[];
  /** Which files of the command are kept, and its working folder. */
  readonly keep?: KeepChoice;
  readonly cwd?: string;
}

/** Milliseconds that the end waits for a server. */
const DRAIN_MS = 60_000;

/** What was kept for a long time is of interest in the logs only. */
const SILENT = new Output({ isTerminal: false, colour: false, columns: 80, write() {} });

/** Writes what another dbx needs to go on. */
export function writeEstate(folder: string, estate: Estate): void {
  derivedFolder(folder).replace("run.json", JSON.stringify(estate));
}

/**
 * Goes on recording a run whose dbx died: reads the child's output from the FIFOs, or from the files in which the keeper kept
 * it, into the same logs, and writes the end when the output ends. How the child ended is not known. `place`: the absolute path
 * of the folder with the FIFOs, as the keeper gives it, or the id of a run whose output was left there for a person to bring in.
 */
export async function adopt(
  context: Context,
  place: string,
  newFinder: (() => ScalarFinder) | undefined,
  patterns: readonly string[],
  say: (message: string) => void,
): Promise<number> {
  const isByHand = !isAbsolute(place);
  if (isByHand && isUrl(context.repo)) {
    throw new UsageError(
      `Cannot adopt "${place}" for ${context.repo}: only output that was left in a folder can be imported`,
    );
  }
  const pipes = isByHand ? `${context.repo}/${PIPES_FOLDER}/${place}` : place;
  const files = derivedFolder(pipes);
  if (isByHand && files.lstat("out.kept") === undefined && await importFiles(context, place, say)) return 0;
  if (isByHand) checkLeft(files, place);
  const estate = JSON.parse(files.readText("run.json")) as Estate;
  if (isByHand && estate.hostname !== Deno.hostname()) {
    throw new DbxError(`Cannot adopt "${place}": it ran on ${estate.hostname}; run dbx run --adopt ${place} there`);
  }
  // By hand it is the repository that was named, whatever is said to have been left.
  const target = await context.target(isByHand ? context.repo : estate.store).catch((error) => {
    if (isByHand) throw error;
    say(messageOf(error));
  });
  const { dir, exp, run, dbx, startedAt } = estate;
  // The author of the repository may have written what looks left over.
  if (isByHand && dir !== `${context.repo}/${runFolder(estate.folder, run)}`) {
    throw new DbxError(
      `Cannot adopt "${place}": according to its files, its run is in ${dir}, which is not in ${context.repo}`,
    );
  }
  const isKept = files.lstat("out.kept") !== undefined;
  const ends = ["out", "err"].map((name) => isKept ? files.open(`${name}.kept`) : openReadEnd(files, name));
  const redactor = new Redactor({ redact: [...new Set([...patterns, ...estate.redact ?? []])], env: context.env });
  const start = { pid: Deno.pid, hostname: Deno.hostname(), adopted: dbx };
  const root = target !== undefined && dir.startsWith(`${target.store.location}/`) ? target.store.folder : undefined;
  const life = new Lifecycle(logFile(dir, "dbx"), start, say, { startedAt, root });
  const open = (name: string) => life.open(name, { onWarning: say, durability: "os" });
  say(
    `dbx ${dbx} died; ${
      isByHand ? `importing the output of run ${exp}/${run}` : `recording of run ${exp}/${run} continues`
    }`,
  );
  const arrivals = new ArrivalWatcher(dir, (event, data) => life.write(event, data));
  const ended = new AbortController();
  let stopped = false;
  if (target !== undefined && !isKept) {
    const signal = orders(files);
    const obey = (request: StopRequest) => {
      life.write(COMMAND_EVENT, { id: request.id, command: "stop", ack: "stopping" });
      say(`asked to stop by dbx stop (${request.id})`);
      stopped = true;
      signal("TERM");
      if (request.grace === undefined) return;
      const killer = setTimeout(() => signal("KILL"), request.grace * 1000);
      ended.signal.addEventListener("abort", () => clearTimeout(killer));
    };
    void onStopRequest(target, { id: exp, folder: estate.folder }, run, obey, ended.signal);
  }
  const lines = open("stdout");
  const logs = [lines];
  const later = (name: string) => {
    let log: LogWriter | undefined;
    return () => {
      if (log === undefined) logs.push(log = open(name));
      return log;
    };
  };
  const kept = new PrintedOutput({
    lines,
    events: { stdout: later("printed"), stderr: later("printed_stderr") },
    begun: PRINTED_LOGS.filter(({ log }) => (lstatBelow(root, logFile(dir, log))?.size ?? 0) > 0).map((
      { stream },
    ) => stream),
  });
  const recorder = target === undefined || root === undefined ? undefined : await FileRecorder.start({
    store: target.store,
    exp,
    folder: runFolder(estate.folder, run),
    own: ownFiles(run),
    keep: isByHand || estate.keep === undefined ? { globs: [], best: [] } : estate.keep,
    cwd: estate.cwd ?? context.cwd,
    log: later(FILES_LOG),
    logs,
    say,
    onUnkept: await unkeptIn(target),
    startedAt,
  });
  const outputs = [
    { name: "stdout", through: context.stdout },
    { name: "stderr", through: context.stderr },
  ] as const;
  const captured: Promise<void>[] = [];
  for (const [index, { name, through }] of outputs.entries()) {
    const to = isByHand ? SILENT : through;
    captured.push(
      capture(
        childOutput(ends[index]),
        name,
        { through: to, kept, scalars: newFinder?.(), redactor, amid: true },
        say,
      ),
    );
    // Files do not say which of their lines came first: one after the other is at least the same every time.
    if (isKept) await captured[index];
  }
  await Promise.all(captured);
  ended.abort();
  await recorder?.finish(false);
  arrivals.finish();
  if (target !== undefined) {
    const folder = runFolder(estate.folder, run);
    await noteCaptured({ store: target.store, experiment: estate.folder, folder, redactor }).catch((error) =>
      say(messageOf(error))
    );
  }
  const reports = await Promise.all(logs.map((log) => log.close()));
  const lost = reports.reduce((sum, report) => sum + report.lost, 0);
  const reasons = [...new Set(reports.flatMap((report) => report.reasons))];
  if (Object.keys(redactor.counts).length > 0) life.write(REDACTED_EVENT, redactor.counts);
  const own = await life.end({ status: stopped ? "killed" : "lost" }, { events: lost, reasons });
  await target?.close(DRAIN_MS);
  if (!isByHand) return 0;
  if (lost + own.lost > 0) {
    throw new DbxError(`Cannot import all of the output: ${reasons.join("; ")}; it is kept in ${pipes}`);
  }
  files.root.removeFolder(files.folder);
  return 0;
}

/** Sends signals to the child, through the keeper: only that one knows whether it is still there. */
function orders(pipes: DerivedFolder): (signal: string) => void {
  let fd: number | undefined;
  return (signal) => {
    try {
      // For reading as well: the opening then waits for nobody, and the keeper sees the end when this process ends.
      fd ??= openFifo(pipes.root, pipes.nameOf("orders"), "r+");
      writeFifo(fd, `${signal}\n`);
    } catch {
      // This file system has no FIFOs any more; the request stays unheard, as its acknowledgement stays without an end.
    }
  };
}

/** @throws {DbxError} Where no output was left, or it is still being read. */
function checkLeft(pipes: DerivedFolder, run: string): void {
  if (["run.json", "out.kept"].some((name) => pipes.lstat(name)?.isFile !== true)) {
    throw new NotFoundError(
      `Cannot adopt "${run}": no output of that run was left; dbx check lists the runs with output that was left`,
    );
  }
  if (["out", "err"].some((name) => hasReader(pipes.root, pipes.nameOf(name)))) {
    throw new DbxError(`Cannot adopt "${run}": its command is still printing; its output is imported when it ends`);
  }
}
