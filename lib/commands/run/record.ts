import { messageOf, UsageError } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import { isObject, type JsonObject } from "../../base/json.ts";
import { logFileName } from "../../format/names.ts";
import { expfile } from "../../format/specials.ts";
import { createExperiment, createRun } from "../../logger/create.ts";
import { redactEnv } from "../../logger/environment.ts";
import { describeGit } from "../../logger/git.ts";
import { type End, Lifecycle } from "../../logger/lifecycle.ts";
import { type LogReport, LogWriter } from "../../logger/log_writer.ts";
import { appendNote } from "../../logger/notes.ts";
import type { LocalStore } from "../../store/local.ts";
import { putObject } from "../../store/objects.ts";
import type { Context, Parsed } from "../command.ts";
import { flag, list, text } from "../parse.ts";
import { type LogTarget, openTarget, type TargetExperiment } from "../log_target.ts";
import { pairOptions, paramOptions } from "../run.ts";
import { childParams, typed } from "./child_params.ts";
import { findProgram } from "./find_program.ts";

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
  readonly life: Lifecycle;
  /** All logs but that of the life. */
  readonly logs: readonly LogWriter[];
}

/** Makes the experiment (or finds it), the run and its logs. */
export async function record(
  context: Context,
  parsed: Parsed,
  onWarning: (message: string) => void,
): Promise<Recording> {
  const target = await openTarget(context);
  const { store } = target;
  const wanted = text(parsed, "exp");
  const found = wanted === undefined ? undefined : await target.find(wanted);
  const { id: exp, folder } = found ?? await makeExperiment(store, parsed, await readParams(context, parsed));
  for (const tag of list(parsed, "tag")) await appendNote(store, folder, "dbx/tag", { tag });
  for (const note of list(parsed, "note")) await appendNote(store, folder, "dbx/note", { text: note });

  const hostname = Deno.hostname();
  const env = text(parsed, "env") === "none" ? undefined : redactEnv(context.env);
  const cmd = [...parsed.rest];
  const script = cmd.find((word, at) => at > 0 && /\.(py|sh|ts|js|R|jl|lua|pl|rb)$/.test(word)) ?? cmd[0];
  const git = flag(parsed, "git", true) ? await gitState(store, exp, context) : undefined;
  const extra = Object.fromEntries(pairOptions(parsed, "extra").map(([key, value]) => [key, typed(value ?? "")]));
  const definition = { cmd, pwd: context.cwd, script, hostname, env, git, extra };
  const id = text(parsed, "run-id");
  const made = id === undefined
    ? await createRun(store, folder, definition)
    // What tells this claim from that of another who wants the same run.
    : {
      ...await target.claim({ id: exp, folder }, { ...definition, id, extra: { ...extra, claim: newId() } }),
      definition: { id },
    };
  const dir = store.path(made.folder);
  const logs: LogWriter[] = [];
  const open = (name: string) => {
    const log = LogWriter.open(`${dir}/${logFileName(name)}`, { onWarning });
    logs.push(log);
    return log;
  };
  let printedStderr: LogWriter | undefined;
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
    life: new Lifecycle(`${dir}/${logFileName("dbx")}`, { pid: Deno.pid, hostname }, onWarning),
    logs,
  };
}

/** Closes the logs and writes the end; tells what was kept and what was not. */
export async function finish(recording: Recording, end: End): Promise<LogReport> {
  const { logs, life } = recording;
  const reports = await Promise.all(logs.map((log) => log.close()));
  const lost = reports.reduce((sum, report) => sum + report.lost, 0);
  const reasons = [...new Set(reports.flatMap((report) => report.reasons))];
  const own = await life.end(end, { events: lost, reasons });
  return {
    events: reports.reduce((sum, report) => sum + report.events, 0),
    lost: lost + own.lost,
    reasons: [...new Set([...reasons, ...own.reasons])],
  };
}

async function makeExperiment(
  store: LocalStore,
  parsed: Parsed,
  params: JsonObject,
): Promise<{ id: string; folder: string }> {
  const program = parsed.rest[0].slice(parsed.rest[0].lastIndexOf("/") + 1);
  const kind = text(parsed, "kind") ?? program;
  const { definition, folder } = await createExperiment(store, { kind, name: text(parsed, "name"), params });
  return { id: definition.id, folder };
}

/** Checks what the user wrote about params before anything is made. */
export async function readParams(context: Context, parsed: Parsed): Promise<JsonObject> {
  const params: JsonObject = flag(parsed, "arg-params", true) ? childParams(parsed.rest) : {};
  const file = text(parsed, "params");
  if (file !== undefined) {
    let json: unknown;
    try {
      json = JSON.parse(await Deno.readTextFile(file.startsWith("/") ? file : `${context.cwd}/${file}`));
    } catch (error) {
      throw new UsageError(`Cannot read the params in "${file}": ${messageOf(error)}`);
    }
    if (!isObject(json)) throw new UsageError(`Cannot read the params in "${file}": it holds no JSON object`);
    Object.assign(params, json);
  }
  for (const [name, value] of paramOptions(parsed)) {
    if (value === undefined || name === "") {
      throw new UsageError(`Cannot use --param "${name}": write it as name=value`);
    }
    params[name] = typed(value);
  }
  return params;
}

async function gitState(store: LocalStore, exp: string, context: Context): Promise<JsonObject | undefined> {
  const { path: program, code } = findProgram("git", context.env.PATH, context.cwd);
  const state = program === undefined || code !== undefined
    ? undefined
    : await describeGit(context.cwd, program, { ...context.env });
  if (state?.diff === undefined) return state?.git;
  const { sha256 } = await putObject(store, state.diff);
  return { ...state.git, diff: expfile({ exp, name: "git.diff", sha256 }) };
}
