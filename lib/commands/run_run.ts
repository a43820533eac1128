import { constants } from "node:os";
import { messageOf, UsageError } from "../base/errors.ts";
import { isUrl } from "../base/server_url.ts";
import { COMMAND_EVENT, type StopRequest } from "../repo/commands.ts";
import type { End } from "../logger/lifecycle.ts";
import type { Context, Parsed } from "./command.ts";
import { flag, number, text } from "./parse.ts";
import { capture } from "./run/capture.ts";
import { findProgram } from "./run/find_program.ts";
import { finish, record, type Recording } from "./run/record.ts";
import { announceEnd, announceStart } from "./record/announce.ts";
import { ArrivalWatcher } from "./record/arrivals.ts";
import { readParams } from "./record/params.ts";
import { resumeName } from "./record/resume.ts";
import { scalarFinders } from "./record/scalars/options.ts";
import { onStopRequest } from "./run/stop_requests.ts";
import { SignalForwarder } from "./run/signals.ts";
import { SystemSampler } from "./run/system_sampler.ts";

/** Milliseconds that the end waits for a server. */
const DRAIN_MS = 60_000;

/** Runs a command and records it. The exit code is the command's. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const [program, ...args] = parsed.rest;
  if (program === undefined) {
    throw new UsageError("Cannot run: no command was given; write it after --, as in dbx run -- python train.py");
  }
  const say = (message: string) => {
    try {
      context.stderr.write(`dbx: ${message}\n`);
    } catch {
      // Nobody listens.
    }
  };
  const quiet = flag(parsed, "quiet");
  const newFinder = scalarFinders(parsed, (message) => quiet || say(message));
  await readParams(context, parsed);
  resumeName(context, parsed);
  const found = findProgram(program, context.env.PATH, context.cwd);
  if (found.path === undefined || found.code !== undefined) {
    say(`Cannot run "${program}": ${found.code === 127 ? "there is no such command" : "it is not executable"}`);
    return found.code ?? 127;
  }

  const recording = await record(context, parsed, say).catch((error) => {
    if (error instanceof UsageError || text(parsed, "exp") !== undefined) throw error;
    say(`${messageOf(error)}; the command runs, but nothing of it is recorded`);
    return undefined;
  });
  if (recording !== undefined) announceStart(context, parsed, recording);

  const env: Record<string, string> = { ...context.env, ...(recording && childEnv(recording, context)) };
  const command = new Deno.Command(found.path, {
    args,
    cwd: context.cwd,
    env,
    clearEnv: true,
    stdin: "inherit",
    stdout: recording === undefined ? "inherit" : "piped",
    stderr: recording === undefined ? "inherit" : "piped",
  });
  let child: Deno.ChildProcess;
  try {
    child = command.spawn();
  } catch (error) {
    say(`Cannot run "${program}": ${messageOf(error)}`);
    if (recording !== undefined) await finish(recording, { status: "failed", exitCode: 126 });
    return 126;
  }
  using signals = new SignalForwarder(child, {
    graceMs: (number(parsed, "grace") ?? 30) * 1000,
    terminal: context.stdin.isTerminal,
  });
  if (recording === undefined) return endOf(await child.status, signals.stoppedBy).code;

  const seconds = number(parsed, "system-interval") ?? 10;
  const nvidiaSmi = findProgram("nvidia-smi", context.env.PATH, context.cwd).path;
  const sampler = seconds > 0
    ? new SystemSampler(recording.system, { nvidiaSmi, env, intervalSeconds: seconds })
    : undefined;
  const { lines, printed } = recording;
  const arrivals = new ArrivalWatcher(recording.dir, (event, data) => recording.life.write(event, data));
  const ended = new AbortController();
  const obey = (request: StopRequest) => {
    recording.life.write(COMMAND_EVENT, { id: request.id, command: "stop", ack: "stopping" });
    if (!quiet) say(`asked to stop by dbx stop (${request.id})`);
    signals.stop(request.grace === undefined ? undefined : request.grace * 1000);
  };
  void onStopRequest(recording.target, recording.experiment, recording.run, isUrl(context.repo), obey, ended.signal);
  await Promise.all([
    capture(child.stdout, "stdout", { through: context.stdout, lines, events: printed, scalars: newFinder?.() }, say),
    capture(child.stderr, "stderr", { through: context.stderr, lines }, say),
  ]);
  const { code, end } = endOf(await child.status, signals.stoppedBy);
  ended.abort();
  arrivals.finish();
  await sampler?.stop();
  const report = await finish(recording, end);
  if (report.lost > 0) say(`${report.lost} events were not kept: ${report.reasons.join("; ")}`);
  await recording.target.close(DRAIN_MS);
  announceEnd(context, parsed, recording, end, code, report.lost);
  return code;
}

/** What the child learns of its run. Python prints at once unless it was told otherwise, for lines and times to fit. */
function childEnv(recording: Recording, context: Context): Record<string, string> {
  const log = `${recording.dir}/log.jsonl`;
  return {
    DBX_REPO: context.repo,
    DBX_EXP: recording.exp,
    DBX_RUN: recording.run,
    DBX_RUN_DIR: recording.dir,
    DBX_LOG: log,
    // A dbx run inside of this one is another experiment.
    ...(context.env.DBX_RESUME ? { DBX_RESUME: "" } : {}),
    ...(context.env.PYTHONUNBUFFERED === undefined ? { PYTHONUNBUFFERED: "1" } : {}),
  };
}

function endOf(status: Deno.CommandStatus, stoppedBy: string | undefined): { code: number; end: End } {
  if (status.signal === null) {
    const end: End = {
      status: status.code === 0 ? "finished" : stoppedBy === undefined ? "failed" : "killed",
      exitCode: status.code,
    };
    return { code: status.code, end };
  }
  const signals = constants.signals as Record<string, number>;
  return { code: 128 + (signals[status.signal] ?? 0), end: { status: "killed", signal: status.signal } };
}
