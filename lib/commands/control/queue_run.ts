import { NotFoundError, RefusedError, UsageError } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import { createExperiment } from "../../logger/create.ts";
import { describeRedacted, Redactor } from "../../redact/redactor.ts";
import { COMMAND_EVENT, type StartRequest } from "../../repo/control/requests.ts";
import { type QueueItem, readQueue } from "../../repo/control/queue.ts";
import type { Repository } from "../../repo/repository.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { age } from "../../terminal/values.ts";
import { openTarget } from "../../cli/repository/log_target.ts";
import { newName } from "../../cli/new_name.ts";
import { flag, list, text } from "../../cli/parse.ts";
import { queueAction } from "./queue.ts";
import { addNote, openRepo } from "../../cli/repository/repository.ts";
import { pairOptions } from "../record/run.ts";
import { readParams } from "../record/params/params.ts";
import { trainingOf } from "../record/params/training_command.ts";
import { printTable } from "../../terminal/table.ts";

/** Milliseconds that a server may take to get a new experiment. */
const DRAIN_MS = 30_000;

/** Adds to the queue, lists it, takes back. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const action = queueAction(parsed);
  if (action === "add") return await add(context, parsed);
  if (parsed.rest.length > 0) throw new UsageError(`Cannot ${action} a command: dbx queue add takes one`);
  return action === "ls" ? await show(context, parsed) : await remove(context, parsed);
}

async function add(context: Context, parsed: Parsed): Promise<number> {
  const [program] = parsed.rest;
  if (program === undefined) {
    throw new UsageError(
      "Cannot add to the queue: no command was given; write it after --, as in dbx queue add -- python train.py",
    );
  }
  checkSecrets(context, parsed, parsed.rest);
  const redactor = new Redactor({ redact: list(parsed, "redact"), env: context.env });
  const params = await readParams(context, parsed, redactor);
  // It makes the repository, where there is none.
  const target = await openTarget(context);
  let repository: Repository;
  let id: string;
  try {
    repository = await openRepo(context);
    await checkMayQueue(repository);
    const kind = text(parsed, "kind") ?? trainingOf(redactor.uncounted().words(parsed.rest)).kind;
    const name = newName(parsed, (message) => context.stderr.line(`dbx: ${message}`));
    const { definition } = await createExperiment(target.store, { kind, name, params });
    id = definition.id;
  } finally {
    await target.close(DRAIN_MS);
  }
  const experiment = await repository.findExperiment(id);
  for (const tag of list(parsed, "tag")) {
    await addNote(context, repository, experiment, "dbx/tag", { tag: redactor.text(tag) });
  }
  return await request(context, parsed, id, parsed.rest);
}

/** Refuses before anything is made what a server would refuse afterwards. */
async function checkMayQueue(repository: Repository): Promise<void> {
  const { RemoteRepository } = await import("../../client/remote_repository.ts");
  if (!(repository instanceof RemoteRepository)) return;
  const { role } = await repository.client.json("");
  if (role !== "read" && role !== "write" && role !== "agent") return;
  throw new RefusedError(
    `Cannot add to the queue with a token of the role ${role}: the operator of the server can create one with ` +
      "dbx token add NAME --role control",
  );
}

/**
 * Refuses a command that seems to hold a secret: the agent needs its words as they are, and the notes keep them for good.
 *
 * @throws {UsageError}
 */
export function checkSecrets(context: Context, parsed: Parsed, cmd: readonly string[]): void {
  if (flag(parsed, "allow-secrets")) return;
  const redactor = new Redactor({ redact: list(parsed, "redact"), env: context.env });
  const words = redactor.words(cmd);
  for (const [name, value] of pairOptions(parsed, "env")) redactor.value(name, value ?? "");
  const found = describeRedacted(redactor.counts);
  if (found === undefined) return;
  const word = words.findIndex((word, at) => word !== cmd[at]);
  throw new UsageError(
    `Cannot queue a command with ${found} in ${
      word < 0 ? "its --env" : `word ${word + 1}`
    }: everyone who can read the ` +
      "repository could read it; set it in the environment of the agent, or use --allow-secrets",
  );
}

/** Asks for a start, and says so. */
export async function request(context: Context, parsed: Parsed, exp: string, cmd: readonly string[]): Promise<number> {
  const repository = await openRepo(context);
  const experiment = await repository.findExperiment(exp);
  const env = pairOptions(parsed, "env").map(([name, value]) => {
    if (value === undefined || name === "") throw new UsageError(`Cannot use --env "${name}": write it as NAME=value`);
    return [name, value];
  });
  const cwd = text(parsed, "cwd");
  const agents = [...list(parsed, "agent")];
  const start = {
    command: "start",
    id: newId(),
    run: newId(),
    cmd: [...cmd],
    ...(cwd && { cwd }),
    env: Object.fromEntries(env),
    ...(agents.length > 0 && { agents }),
  };
  await addNote(context, repository, experiment, COMMAND_EVENT, start);
  if (flag(parsed, "json")) context.stdout.json({ id: start.id, exp: experiment.id, run: start.run });
  else context.stdout.line(`${start.id}  ${experiment.id}/${start.run}`);
  return 0;
}

async function show(context: Context, parsed: Parsed): Promise<number> {
  const all = await readQueue(await openRepo(context), context.now);
  const shown = flag(parsed, "all")
    ? all
    : all.filter(({ state }) => ["queued", "claimed", "expired", "running"].includes(state));
  if (flag(parsed, "json")) {
    const lines = shown.map(({ request, state, attempt }) => {
      const { id, exp, run, ts, cmd, cwd, env, agents } = request;
      return { id, exp, run, ts, state, attempt, cmd, cwd, env, agents };
    });
    context.stdout.json(lines, 2);
    return 0;
  }
  if (shown.length === 0) {
    context.stderr.line("dbx: the queue is empty");
    return 0;
  }
  const rows = shown.map(({ request, state, attempt }) => {
    const { id, exp, run, ts, cmd } = request;
    const word = attempt > 0 && state === "queued" ? "offered again" : state;
    return [id, `${exp}/${run}`, word, age(ts, context.now), cmd.join(" ")];
  });
  printTable(context.stdout, ["id", "run", "state", "age", "command"], rows);
  return 0;
}

async function remove(context: Context, parsed: Parsed): Promise<number> {
  const ids = parsed.positionals.slice(1);
  if (ids.length === 0) throw new UsageError("Cannot take back: give the id of a start; dbx queue lists them");
  const repository = await openRepo(context);
  const queue = await readQueue(repository, context.now);
  const chosen = ids.map((prefix) => pick(queue, prefix));
  let code = 0;
  for (const { request, experiment, state } of chosen) {
    if (state === "cancelled") continue;
    if (state !== "queued" && state !== "expired") {
      context.stderr.line(`dbx: ${request.id} has begun: it is ${state}; dbx stop ${request.run} stops it`);
      code = 1;
      continue;
    }
    const cancel = { command: "cancel", id: newId(), of: request.id };
    await addNote(context, repository, experiment, COMMAND_EVENT, cancel);
    context.stdout.line(`${request.id} is taken back`);
  }
  return code;
}

function pick(queue: readonly QueueItem[], prefix: string): QueueItem {
  const fits = queue.filter(({ request }: { request: StartRequest }) =>
    request.id.startsWith(prefix) || request.run.startsWith(prefix)
  );
  if (fits.length === 1) return fits[0];
  const why = fits.length === 0 ? "no id starts with it" : `${fits.length} ids start with it`;
  throw new NotFoundError(`Cannot find the start "${prefix}": ${why}; dbx queue ls --all lists them`);
}
