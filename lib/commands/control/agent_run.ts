import { messageOf, RefusedError, UsageError } from "../../base/errors.ts";
import { MAX_ATTEMPTS } from "../../repo/control/attempts.ts";
import { pause } from "../../base/time.ts";
import { type QueueItem, readQueue } from "../../repo/control/queue.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { ownWords } from "../../cli/own_command.ts";
import { allowanceOf, type OPTIONS } from "./agent.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { expiredLine, sendFirstLine, writeFirstLine } from "../../cli/repository/claims.ts";
import { refusalOf } from "./allow_list.ts";
import { requireProgram } from "../../fs/find_program.ts";

/** The exit code of a dbx run whose run another process has claimed. */
const CLAIMED = 75;

/** A run that this agent started, or started before it was started again. */
interface Slot {
  readonly run: string;
  /** Which GPU it has alone. */
  readonly gpu?: string;
}

/** Takes starts from the queue and runs them. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<number> {
  const allowance = allowanceOf(parsed, context);
  let name = parsed.options.name ?? Deno.hostname();
  const gpus = parsed.options.slots === "gpu" ? await gpusOf(context) : undefined;
  const most = gpus?.length ?? slotsOf(parsed.options.slots);
  const json = parsed.options.jsonl;
  const say = (line: Record<string, unknown>, words: string) =>
    json ? context.stdout.json({ time: Date.now(), ...line }) : context.stdout.line(words);
  const running = new Map<string, Slot>();
  const refused = new Set<string>();
  let trouble: string | undefined;
  let isNamed = false;
  while (!context.signal.aborted) {
    try {
      const repository = await context.repository();
      if (!isNamed) {
        name = await agentName(context, parsed.options.name) ?? name;
        isNamed = true;
        say({ agent: name, slots: most }, `agent ${name} waits for starts in ${context.repo}, ${most} at a time`);
      }
      const queue = await readQueue(repository, Date.now());
      if (trouble !== undefined) say({ trouble: null }, `${context.repo} can be reached again`);
      trouble = undefined;
      const slots = [...running.values(), ...others(queue, name, running)];
      let waits = 0;
      for (const item of queue.filter(({ state }) => state === "queued" || state === "expired")) {
        const { request } = item;
        if (running.has(request.run)) continue;
        // Others may take it.
        if (request.agents !== undefined && !request.agents.includes(name)) continue;
        const why = refusalOf(request, allowance);
        if (why !== undefined) {
          if (!refused.has(request.id)) say({ refused: request.id, why }, `not ${request.id}: ${why}`);
          refused.add(request.id);
          continue;
        }
        if (item.state === "expired") {
          if (item.attempt === MAX_ATTEMPTS - 1) continue;
          if (await expireClaim(context, item, name)) {
            say(
              { expired: request.id, run: request.run },
              `${request.id} was claimed and never started; it is offered again`,
            );
          }
          waits++;
          continue;
        }
        waits++;
        if (slots.length >= most) break;
        const gpu = gpus?.find((gpu) => !slots.some((slot) => slot.gpu === gpu));
        const slot: Slot = { run: request.run, gpu };
        slots.push(slot);
        running.set(request.run, slot);
        start(context, parsed, item, name, slot, allowance.folders[0], (code) => {
          running.delete(request.run);
          if (code === CLAIMED) say({ taken: request.id }, `${request.id} was taken by another agent`);
          else say({ ended: request.id, run: request.run, code }, `${request.id} ended with exit code ${code}`);
        });
        say(
          { started: request.id, exp: item.experiment.id, run: request.run, gpu },
          `started ${request.id} as ${item.experiment.id}/${request.run}: ${request.cmd.join(" ")}`,
        );
      }
      if (parsed.options.once && waits === 0 && running.size === 0) return 0;
    } catch (error) {
      // A token that is missing or wrong at the start will not become valid by waiting.
      if (!isNamed && error instanceof RefusedError) throw error;
      if (error instanceof UsageError || (parsed.options.once && running.size === 0)) throw error;
      if (trouble === undefined) say({ trouble: messageOf(error) }, `${messageOf(error)}; trying again`);
      trouble = messageOf(error);
    }
    await pause((parsed.options.interval ?? 2) * 1000, context.signal);
  }
  if (running.size > 0) say({ left: [...running.keys()] }, `${running.size} runs continue; dbx stop stops them`);
  return 0;
}

/**
 * What the server says that this agent is called: by the name of its token. Undefined: as it likes.
 *
 * @throws {UsageError} For a token that may not take starts, and for another name than that of the token.
 */
async function agentName(context: Context, wanted: string | undefined): Promise<string | undefined> {
  const server = await context.server();
  if (server === undefined) return undefined;
  const { role, token } = await server.client.json("about");
  if (role === "read" || role === "write") {
    throw new UsageError(
      `Cannot take starts with a token of the role ${role}: the operator of the server can create one with dbx token add NAME --role agent`,
    );
  }
  if (role !== "agent" || typeof token !== "string") return undefined;
  if (wanted === undefined || wanted === token) return token;
  throw new UsageError(
    `Cannot call this agent "${wanted}": its token names it "${token}"; each agent needs its own token`,
  );
}

/** Makes sure that the claimer of a run cannot start it any more. Returns false where it has begun after all. */
async function expireClaim(
  context: Context,
  { request, run }: QueueItem,
  name: string,
): Promise<boolean> {
  if (run === undefined) return false;
  const line = expiredLine(name, Date.now());
  const server = await context.server();
  if (server !== undefined) {
    return await sendFirstLine(server.client, request.exp, request.run, line);
  }
  return writeFirstLine(new LocalStore(context.repo), run.folder, line);
}

/** Runs that an earlier life of this agent started, and that still go on. */
function others(queue: readonly QueueItem[], name: string, own: ReadonlyMap<string, Slot>): Slot[] {
  return queue.flatMap(({ state, run }) => {
    if (run === undefined || own.has(run.id) || (state !== "running" && state !== "claimed")) return [];
    const { agent, gpu } = run.definition.extra;
    if (agent !== name) return [];
    return [{ run: run.id, gpu: gpu === undefined ? undefined : String(gpu) }];
  });
}

/** Starts a dbx run of its own, which makes the run of the wanted id, or ends where another was first. */
function start(
  context: Context,
  parsed: Parsed<typeof OPTIONS>,
  { request, experiment }: QueueItem,
  name: string,
  { gpu }: Slot,
  folder: string,
  ended: (code: number) => void,
): void {
  const [program, ...words] = ownWords();
  const token = context.tokenFile === undefined ? [] : ["--token-file", context.tokenFile];
  const insecure = context.insecure ? ["--insecure"] : [];
  const extra = [
    "--extra",
    `agent=${name}`,
    "--extra",
    `command=${request.id}`,
    ...gpu === undefined ? [] : ["--extra", `gpu=${gpu}`],
  ];
  const args = [
    ...words,
    "run",
    "--quiet",
    ...["--repo", context.repo, ...token, ...insecure],
    ...["--exp", experiment.id, "--run-id", request.run, "--no-arg-params", ...extra],
    "--",
    ...request.cmd,
  ];
  const allowed = Object.fromEntries(
    parsed.options.env.flatMap((key) => {
      const value = request.env?.[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const options = {
    args,
    cwd: request.cwd ?? folder,
    env: { ...allowed, ...(gpu !== undefined && { CUDA_VISIBLE_DEVICES: gpu }) },
    stdin: "null",
    stdout: "null",
    stderr: "null",
    // What is started outlives the agent, and Ctrl-C on its terminal.
    detached: true,
  } as const;
  try {
    const child = new Deno.Command(program, options).spawn();
    child.unref();
    child.status.then(({ code }) => ended(code));
  } catch (error) {
    context.stderr.line(`dbx: Cannot start "${request.id}": ${messageOf(error)}`);
    ended(126);
  }
}

function slotsOf(word: string | undefined): number {
  const count = Number(word ?? "1");
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new UsageError(`Cannot use "${word}" as --slots: it must be a number from 1, or gpu`);
}

async function gpusOf(context: Context): Promise<string[]> {
  const { path } = requireProgram("nvidia-smi", context);
  if (path === undefined) throw new UsageError("Cannot use --slots gpu: there is no nvidia-smi here; give a number");
  const args = ["--query-gpu=index", "--format=csv,noheader"];
  const { stdout, success } = await new Deno.Command(path, { args }).output();
  const gpus = new TextDecoder().decode(stdout).split("\n").map((line) => line.trim()).filter((line) =>
    /^\d+$/.test(line)
  );
  if (!success || gpus.length === 0) throw new UsageError("Cannot use --slots gpu: nvidia-smi lists no GPU");
  return gpus;
}
