import { newId } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import { FILES_LOG } from "../../format/events/file_event.ts";
import { logFile } from "../../format/layout/names.ts";
import { expfile } from "../../format/json/special_values.ts";
import { checkRunId, createRun } from "../../logger/create.ts";
import { describeGit, type GitState } from "../../logger/git.ts";
import { describeInterruptions } from "../../logger/log/interruption.ts";
import { Lifecycle, REDACTED_EVENT, type RunOutcome } from "../../logger/lifecycle.ts";
import type { Durability, LogReport, LogWriter } from "../../logger/log/log_writer.ts";
import { appendNote } from "../../logger/notes.ts";
import { environmentChoice, keptEnvironment } from "../../redact/environment.ts";
import type { Redactor } from "../../redact/redactor.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import { putObject } from "../../store/local/objects.ts";
import type { Context } from "../../cli/command.ts";
import type { RunArgs } from "./run_options.ts";
import type { LogTarget, TargetExperiment } from "../../cli/repository/access.ts";
import { pairsOf } from "./params/experiment_options.ts";
import { writeIdFile } from "./announce.ts";
import { findOrMake } from "./find_or_make.ts";
import { parseTypedValue } from "../../cli/typed_value.ts";
import { CODE_LOG } from "../../format/events/file_event.ts";
import { keepSurroundings, surroundingsOf } from "./surroundings/keep.ts";
import { trainingOf } from "./params/training_command.ts";
import { requireProgram } from "../../fs/find_program.ts";

/** The record of a run that `dbx run` keeps. */
export interface Recording {
  readonly target: LogTarget;
  readonly experiment: TargetExperiment;
  readonly store: LocalStore;
  readonly exp: string;
  readonly run: string;
  /** The absolute path of the run's folder. */
  readonly dir: string;
  readonly lines: LogWriter;
  readonly printed: LogWriter;
  /** The log of what was found in stderr, made when it is first asked for. */
  readonly printedStderr: () => LogWriter;
  readonly system: LogWriter;
  /** The log that names files, made when it is first asked for. */
  readonly files: () => LogWriter;
  /** What takes secrets out of all that is recorded. */
  readonly redactor: Redactor;
  readonly life: Lifecycle;
  readonly onWarning: (message: string) => void;
  /** All logs but that of the life. */
  readonly logs: readonly LogWriter[];
}

/** Makes the experiment (or finds it), the run and its logs. `inFile`: the params of `--params`. */
export async function record(
  context: Context,
  parsed: RunArgs,
  inFile: JsonObject,
  redactor: Redactor,
  onWarning: (message: string) => void,
): Promise<Recording> {
  const id = parsed.options["run-id"];
  if (id !== undefined) checkRunId(id); // Before anything is made.
  const target = await context.target();
  const { store } = target;
  const { experiment: { id: exp, folder }, changed } = await findOrMake(
    context,
    parsed,
    inFile,
    target,
    redactor,
    onWarning,
  );
  for (const tag of parsed.options.tag) await appendNote(store, folder, "dbx/tag", { tag: redactor.text(tag) });
  for (const note of parsed.options.note) await appendNote(store, folder, "dbx/note", { text: redactor.text(note) });

  const hostname = Deno.hostname();
  const env = keptEnvironment(context.env, environmentChoice(parsed.options.env), redactor);
  const cmd = redactor.words(parsed.rest);
  const { script } = trainingOf(cmd);
  const { git, untracked } = parsed.options.git ? await gitState(store, exp, context, redactor, parsed) : {};
  const pairs = pairsOf(parsed.options.extra).map(([key, value]) => [key, parseTypedValue(value ?? "", key)]);
  const extra: JsonObject = redactor.object({ ...Object.fromEntries(pairs), ...changed && { params: changed } });
  const definition = { cmd, pwd: redactor.text(context.cwd), script, hostname, env, git, extra };
  const made = id === undefined
    ? await createRun(store, folder, definition)
    // What distinguishes this claim from that of another process that wants the same run.
    : {
      ...await target.claim({ id: exp, folder }, { ...definition, id, extra: { ...extra, claim: newId() } }),
      definition: { id },
    };
  const dir = store.path(made.folder);
  writeIdFile(context, parsed, { exp, run: made.definition.id }, onWarning);
  const start = { pid: Deno.pid, hostname };
  const life = new Lifecycle(logFile(dir, "dbx"), start, onWarning, { root: store.folder });
  const logs: LogWriter[] = [];
  const open = (name: string, durability: Durability = "os") => {
    const log = life.open(name, { onWarning, durability });
    logs.push(log);
    return log;
  };
  await keepSurroundings(surroundingsOf(context), untracked, {
    store,
    exp,
    redactor,
    open: () => open(CODE_LOG),
    say: (event, data) => life.write(event, data),
  });
  let printedStderr: LogWriter | undefined;
  let files: LogWriter | undefined;
  return {
    target,
    experiment: { id: exp, folder },
    store,
    exp,
    run: made.definition.id,
    dir,
    lines: open("stdout"),
    printed: open("printed"),
    printedStderr: () => printedStderr ??= open("printed_stderr"),
    system: open("system"),
    files: () => files ??= open(FILES_LOG, "event"),
    redactor,
    life,
    onWarning,
    logs,
  };
}

/** Closes the logs and writes what was redacted and the end; reports what was recorded and what was lost. */
export async function finish(recording: Recording, end: RunOutcome): Promise<LogReport> {
  const { logs, life, redactor: { counts } } = recording;
  const reports = await Promise.all(logs.map((log) => log.close()));
  const lost = reports.reduce((sum, report) => sum + report.lost, 0);
  const reasons = [...new Set(reports.flatMap((report) => report.reasons))];
  if (Object.keys(counts).length > 0) life.write(REDACTED_EVENT, counts);
  const own = await life.end(end, { events: lost, reasons });
  if (own.interruptions !== undefined) recording.onWarning(describeInterruptions(own.interruptions));
  return {
    events: reports.reduce((sum, report) => sum + report.events, 0),
    lost: lost + own.lost,
    reasons: [...new Set([...reasons, ...own.reasons])],
  };
}

async function gitState(
  store: LocalStore,
  exp: string,
  context: Context,
  redactor: Redactor,
  parsed: RunArgs,
): Promise<{ readonly git?: JsonObject; readonly untracked?: GitState["untracked"] }> {
  const { path: program, code } = requireProgram("git", context);
  const state = program === undefined || code !== undefined
    ? undefined
    : await describeGit(context.cwd, redactor, program, { ...context.env }, { untracked: parsed.options.code });
  if (state === undefined) return {};
  const { git, untracked, diff } = state;
  if (diff === undefined) return { git, untracked };
  const { sha256 } = await putObject(store, diff);
  return { git: { ...git, diff: expfile({ exp, name: "git.diff", sha256 }) }, untracked };
}
