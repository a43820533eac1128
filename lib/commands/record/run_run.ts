import { logFile, runFolder } from "../../format/layout/names.ts";
import { constants } from "node:os";
import { messageOf, UsageError } from "../../base/errors.ts";
import { absolute } from "../../base/paths.ts";
import { ownFiles } from "../../repo/check/left_files.ts";
import { COMMAND_EVENT, type StopRequest } from "../../repo/control/requests.ts";
import type { RunOutcome } from "../../logger/lifecycle.ts";
import type { Context } from "../../cli/command.ts";
import type { RunArgs } from "./run_options.ts";
import { environmentChoice } from "../../redact/environment.ts";
import { describeRedacted, Redactor } from "../../redact/redactor.ts";
import { adopt, writeEstate } from "./adopt.ts";
import { removePipes } from "./child/pipes.ts";
import type { ChildStatus } from "./child/child.ts";
import { adoptWords, pipeFolders, startKeeper } from "./child/start_keeper.ts";
import { afterChild, childOutput, readerOf } from "./child/child_output.ts";
import type { Keeper } from "./child/keeper.ts";
import { captureVariables } from "./child/capture_options.ts";
import { pythonHook } from "./child/python_hook.ts";
import { SignalRelay } from "./child/signal_relay.ts";
import { checkPty, start, type Started } from "./child/start.ts";
import { capture } from "../../printed/capture.ts";
import { PrintedOutput } from "../../printed/printed_output.ts";
import { requireProgram } from "../../fs/find_program.ts";
import { finish, record, type Recording } from "./record.ts";
import { announceEnd, announceStart } from "./announce.ts";
import { ArrivalWatcher } from "./arrivals.ts";
import { hintOfMissing } from "./missing_program.ts";
import { noteCaptured } from "./captured_notes.ts";
import type { FollowedFolders } from "./followed_folders.ts";
import { FileRecorder } from "./files/file_recorder.ts";
import { unkeptIn } from "./files/unkept_in.ts";
import { type KeepChoice, keepChoice } from "./files/keep_options.ts";
import { paramsInFile, paramsOf } from "./params/params.ts";
import { resumeName } from "./resume.ts";
import type { ScalarFinder } from "../../printed/scalar_finder.ts";
import { scalarFinders } from "./scalar_options.ts";
import { onStopRequest } from "./stop_requests.ts";
import { describeGpus, describeMachine } from "./surroundings/machine.ts";
import { SystemSampler } from "./system_sampler.ts";

const SIGNALS = constants.signals as Record<string, number>;

/** Milliseconds that the end waits for a server. */
const DRAIN_MS = 60_000;

/** Runs a command and records it. The exit code is the command's. */
export async function run(context: Context, parsed: RunArgs): Promise<number> {
  const [program, ...args] = parsed.rest;
  const adopted = parsed.options.adopt;
  if (program === undefined && adopted === undefined) {
    throw new UsageError("Cannot run: no command was given; write it after --, as in dbx run -- python train.py");
  }
  const say = (message: string) => {
    try {
      context.stderr.line(`dbx: ${message}`);
    } catch {
      // The reader has gone.
    }
  };
  const quiet = parsed.options.quiet;
  const newFinder = scalarFinders(parsed, (message) => quiet || say(message));
  const redactor = new Redactor({ redact: parsed.options.redact, env: context.env });
  if (program === undefined) {
    return await adopt(context, adopted!, newFinder, parsed.options.redact, quiet ? () => {} : say);
  }
  environmentChoice(parsed.options.env);
  const inFile = await paramsInFile(context, parsed);
  paramsOf(parsed, inFile, new Redactor());
  resumeName(context, parsed);
  const keep = keepChoice(parsed.options);
  const captured = captureVariables(parsed.options);
  checkPty(context, parsed);
  const found = requireProgram(program, context);
  if (found.path === undefined || found.code !== undefined) {
    const why = found.code === 127 ? `there is no such command${hintOfMissing(program)}` : "it is not executable";
    say(`Cannot run "${program}": ${why}`);
    return found.code ?? 127;
  }

  // Before dbx listens to any signal: the keeper reports which were ignored.
  const keeper = await startKeeper(context, parsed, context.env);
  const grace = parsed.options.grace;
  using signals = new SignalRelay({
    graceMs: grace === undefined ? undefined : grace * 1000,
    terminal: context.stdin.isTerminal,
    keeper,
    onKill: (after, ms) => say(`killed the command: it had not ended ${ms / 1000} s after ${after} (--grace)`),
  });
  const recording = await signals.unlessStopped(
    record(context, parsed, inFile, redactor, say).catch((error) => {
      if (error instanceof UsageError || parsed.options.exp !== undefined) throw error;
      say(`${messageOf(error)}; the command runs, but is not recorded`);
      return undefined;
    }),
  );
  if (recording !== undefined) announceStart(context, parsed, recording);
  if (signals.stoppedBy !== undefined) return await stoppedEarly(context, parsed, recording, keeper, signals.stoppedBy);

  const env: Record<string, string> = { ...context.env, ...(recording && childEnv(recording, context)) };
  if (recording !== undefined && parsed.options["python-hook"]) {
    Object.assign(env, captured, await pythonHook(env));
  }
  const files = recording && await filesOf(recording, keep, context.cwd, say);
  const followed = recording && await follow(recording, parsed.options.follow, context.cwd, say);
  const folders = recording && pipeFolders(context, recording.run, recording.store);
  let started: Started;
  try {
    started = await start(context, parsed, { program: found.path, args, env, keeper, folders });
  } catch (error) {
    keeper?.end("bye");
    say(`Cannot run "${program}": ${messageOf(error)}`);
    await files?.finish(false);
    await followed?.finish();
    if (recording !== undefined) await finish(recording, { status: "failed", exitCode: 126 });
    return 126;
  }
  const { child, pipes } = started;
  signals.attach(child);
  const pty = parsed.options.pty;
  const ending = async () => endOf(ofPty(await child.status, pty), signals);
  if (recording === undefined) {
    const { code } = await ending();
    keeper?.end("bye");
    return code;
  }
  if (pipes === undefined) {
    const why = keeper === undefined ? "there is no sh in PATH" : "FIFOs cannot be created here";
    say(`${why}: if dbx dies, a command that prints dies too`);
  }
  if (pipes !== undefined) {
    const { dir, exp, run, experiment: { folder } } = recording;
    try {
      writeEstate(pipes.folder, {
        dir,
        exp,
        folder,
        run,
        store: recording.store.location,
        hostname: Deno.hostname(),
        dbx: Deno.pid,
        startedAt: Date.now(),
        redact: parsed.options.redact,
        keep,
        cwd: context.cwd,
      });
      keeper?.guard(child.pid, adoptWords(context, parsed, pipes.folder));
    } catch (error) {
      say(messageOf(error));
    }
  }

  const seconds = parsed.options["system-interval"] ?? 10;
  const nvidiaSmi = requireProgram("nvidia-smi", context).path;
  const sampler = seconds > 0
    ? new SystemSampler(recording.system, { nvidiaSmi, env, intervalSeconds: seconds })
    : undefined;
  const machine = describe(recording, context, nvidiaSmi, env);
  const arrivals = new ArrivalWatcher(recording.dir, (event, data) => recording.life.write(event, data));
  const ended = new AbortController();
  const obey = (request: StopRequest) => {
    recording.life.write(COMMAND_EVENT, { id: request.id, command: "stop", ack: "stopping" });
    if (!quiet) say(`asked to stop by dbx stop (${request.id})`);
    signals.stop(request.grace === undefined ? undefined : request.grace * 1000);
  };
  void onStopRequest(recording.target, recording.experiment, recording.run, obey, ended.signal);
  const left = await captureAll(context, recording, started, newFinder, say);
  const { code, end } = await ending();
  signals.end();
  ended.abort();
  if (left) {
    say("processes that the command left behind are still printing; their output is passed on, but no longer recorded");
  }
  // While the keeper is there, another dbx goes on with the files if this one is killed.
  if (!left) await files?.finish(false);
  keeper?.end(left ? "pass" : "bye");
  // The keeper removes it too, unless it was killed.
  if (pipes !== undefined) removePipes(pipes.folder);
  arrivals.finish();
  await sampler?.stop();
  await machine;
  if (left) await files?.finish(true);
  await noteAll(recording, say);
  await followed?.finish();
  const report = await finish(recording, end);
  if (report.lost > 0) {
    say(`${report.lost === 1 ? "1 event was" : `${report.lost} events were`} lost: ${report.reasons.join("; ")}`);
  }
  await recording.target.close(DRAIN_MS);
  announceEnd(context, parsed, recording, end, endDetails(code, report.lost, redactor));
  return code;
}

/** Begins to follow the files of other tools in some folders; loaded only where there are some. */
async function follow(
  { store, exp, run, experiment: { folder } }: Recording,
  folders: readonly string[],
  cwd: string,
  say: (message: string) => void,
): Promise<FollowedFolders | undefined> {
  if (folders.length === 0) return undefined;
  const { FollowedFolders } = await import("./followed_folders.ts");
  const place = { experiment: exp, run, folder: runFolder(folder, run) };
  return await FollowedFolders.start(store, place, folders.map((path) => absolute(path, cwd)), say);
}

/** Begins to keep the files of a run; without that, the command runs nevertheless. */
async function filesOf(
  { store, exp, run, experiment: { folder }, files: log, logs, target }: Recording,
  keep: KeepChoice,
  cwd: string,
  say: (message: string) => void,
): Promise<FileRecorder | undefined> {
  try {
    return await FileRecorder.start({
      store,
      exp,
      folder: runFolder(folder, run),
      own: ownFiles(run),
      keep,
      cwd,
      log,
      logs,
      say,
      onUnkept: await unkeptIn(target),
    });
  } catch (error) {
    say(`${messageOf(error)}; the files of the command are not kept`);
    return undefined;
  }
}

/** Notes what packages that the command used said of the run. */
async function noteAll(
  { store, experiment: { folder: experiment }, run, redactor }: Recording,
  say: (message: string) => void,
): Promise<void> {
  try {
    await noteCaptured({ store, experiment, folder: runFolder(experiment, run), redactor });
  } catch (error) {
    say(messageOf(error));
  }
}

/** A signal asked dbx to stop before there was a child: there will be none. */
async function stoppedEarly(
  context: Context,
  parsed: RunArgs,
  recording: Recording | undefined,
  keeper: Keeper | undefined,
  signal: Deno.Signal,
): Promise<number> {
  keeper?.end("bye");
  const code = 128 + SIGNALS[signal];
  if (recording === undefined) return code;
  const end: RunOutcome = { status: "killed", signal };
  const { lost } = await finish(recording, end);
  await recording.target.close(DRAIN_MS);
  announceEnd(context, parsed, recording, end, endDetails(code, lost, recording.redactor));
  return code;
}

/** What is reported at the end besides the command's exit. */
function endDetails(exitCode: number, lost: number, { counts }: Redactor): Parameters<typeof announceEnd>[4] {
  return { exitCode, lost, redacted: counts, secrets: describeRedacted(counts) };
}

/** Captures both streams until they end, or only processes that outlive the child hold them. Returns whether some do. */
async function captureAll(
  context: Context,
  recording: Recording,
  { child, pipes }: Started,
  newFinder: (() => ScalarFinder) | undefined,
  say: (message: string) => void,
): Promise<boolean> {
  const { lines, printed, printedStderr, redactor } = recording;
  const kept = new PrintedOutput({ lines, events: { stdout: () => printed, stderr: printedStderr } });
  const out = { through: context.stdout, kept, scalars: newFinder?.(), redactor };
  const err = { through: context.stderr, kept, scalars: newFinder?.(), redactor };
  const outputs = [
    childOutput(pipes?.stdout ?? readerOf(child.stdout)),
    childOutput(pipes?.stderr ?? readerOf(child.stderr)),
  ];
  const capturing = Promise.all([
    capture(outputs[0], "stdout", out, say),
    capture(outputs[1], "stderr", err, say),
  ]);
  await child.status;
  if (await afterChild(outputs, capturing)) return false;
  outputs[0].leave((bytes) => context.stdout.passBytes(bytes));
  outputs[1].leave((bytes) => context.stderr.passBytes(bytes));
  await capturing;
  return true;
}

/** Writes what the machine is, as soon as its GPUs are known; the command runs meanwhile. */
async function describe(
  { life }: Recording,
  context: Context,
  nvidiaSmi: string | undefined,
  env: Record<string, string>,
): Promise<void> {
  const gpus = nvidiaSmi === undefined ? {} : await describeGpus(nvidiaSmi, env);
  life.write("dbx/machine", { ...describeMachine(context.env), ...gpus });
}

/** What the child learns of its run. */
function childEnv(recording: Recording, context: Context): Record<string, string> {
  const log = logFile(recording.dir, "log");
  return {
    DBX_REPO: context.repo,
    DBX_EXP: recording.exp,
    DBX_RUN: recording.run,
    DBX_RUN_DIR: recording.dir,
    DBX_LOG: log,
    DBX_FILES: recording.store.path(ownFiles(recording.run)),
    // A dbx run inside of this one is another experiment.
    ...(context.env.DBX_RESUME ? { DBX_RESUME: "" } : {}),
  };
}

function endOf(
  status: { readonly code: number | null; readonly signal: string | null },
  { stoppedBy, killed }: SignalRelay,
): { code: number; end: RunOutcome } {
  const killedBy = killed ? { killedBy: "dbx" } as const : {};
  if (status.signal === null) {
    const code = status.code ?? 1;
    const end = code === 0 ? "finished" : stoppedBy === undefined ? "failed" : "killed";
    return { code, end: { status: end, exitCode: code, ...killedBy } };
  }
  return { code: 128 + (SIGNALS[status.signal] ?? 0), end: { status: "killed", signal: status.signal, ...killedBy } };
}

/** `script` reports a command that a signal ended as a shell does: 128 + the signal. */
function ofPty(status: ChildStatus, pty: boolean): ChildStatus {
  const signal = Object.keys(SIGNALS).find((name) => status.code === 128 + SIGNALS[name]);
  return pty && signal !== undefined ? { code: null, signal } : status;
}
