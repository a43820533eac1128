import { UsageError } from "../../base/errors.ts";
import { shellText } from "../../base/shell_text.ts";
import { isObject, type Json, type JsonObject } from "../../base/json.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { quoteNonstandardNumbers } from "../../format/json/nonstandard_numbers.ts";
import { logFile } from "../../format/layout/names.ts";
import { createExperiment, createRun } from "../../logger/create.ts";
import { Lifecycle, REDACTED_EVENT } from "../../logger/lifecycle.ts";
import { LogWriter } from "../../logger/log/log_writer.ts";
import { appendNote } from "../../logger/notes.ts";
import { ADDITION_KEY } from "../../repo/experiments/addition.ts";
import { Redactor } from "../../redact/redactor.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./log.ts";
import { newName } from "../../cli/new_name.ts";
import { parseTypedValue } from "../../cli/typed_value.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { toNumber } from "../../printed/formats/numbers.ts";
import { LineSplitter } from "../../printed/line_splitter.ts";

/** Milliseconds that the end waits for a server. */
const DRAIN_MS = 30_000;

/** Appends events. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [event, ...pairs] = parsed.positionals;
  if (event?.includes("=")) {
    throw new UsageError(
      `Cannot log "${event}": the name of the event comes first, as in dbx log eval ${shellText(parsed.positionals)}`,
    );
  }
  const redactor = new Redactor({ redact: parsed.options.redact, env: context.env });
  const data = redactor.object(pairsOf(pairs, "data", dataValue));
  const params = redactor.object(pairsOf(parsed.options.param, "--param", parseTypedValue));
  const target = await context.target();
  const { store } = target;
  const onWarning = (message: string) => context.stderr.line(`dbx: ${message}`);
  const wanted = parsed.options.exp;
  const found = wanted === undefined ? undefined : await target.find(wanted);
  const { id, folder } = found ?? await newExperiment(store, parsed, params, onWarning);
  for (const tag of parsed.options.tag) await appendNote(store, folder, "dbx/tag", { tag: redactor.text(tag) });
  // The result of an evaluation, for one: nothing lives that has a status, and the experiment keeps its own.
  const isAddition = found !== undefined && event !== undefined;
  const hostname = Deno.hostname();
  const made = await createRun(store, folder, {
    cmd: redactor.words(["dbx", "log", ...parsed.positionals]),
    pwd: redactor.text(context.cwd),
    hostname,
    ...isAddition && { extra: { [ADDITION_KEY]: true } },
  });

  const life = isAddition ? undefined : new Lifecycle(
    store.path(logFile(made.folder, "dbx")),
    { pid: Deno.pid, hostname },
    onWarning,
    { root: store.folder },
  );
  const options = { onWarning, durability: "event", root: store.folder } as const;
  const log = life?.open("log", options) ?? LogWriter.open(store.path(logFile(made.folder, "log")), options);
  let lines: LogWriter | undefined;
  if (event !== undefined) log.write(event, data);
  else {
    const linesLog = () => lines ??= life!.open("stdout", { onWarning, durability: "os" });
    await readLines(context, parsed, redactor, log, linesLog);
  }
  const reports = [await log.close(), ...(lines === undefined ? [] : [await lines.close()])];
  const lost = {
    events: reports.reduce((sum, report) => sum + report.lost, 0),
    reasons: reports.flatMap((report) => report.reasons),
  };
  if (Object.keys(redactor.counts).length > 0) life?.write(REDACTED_EVENT, redactor.counts);
  await life?.end({ status: context.signal.aborted ? "killed" : "finished" }, lost);
  const isTaken = await target.close(DRAIN_MS);

  return recordResult({ exp: id, run: made.definition.id, events: log.events }, {
    text: (out) => out.line(`${id}/${made.definition.id}`),
    // stdout is that of what was piped through.
    out: parsed.options.tee ? context.stderr : undefined,
    exitCode: lost.events > 0 || !isTaken ? 1 : 0,
  });
}

async function newExperiment(
  store: LocalStore,
  parsed: Parsed<typeof OPTIONS>,
  params: JsonObject,
  onWarning: (message: string) => void,
): Promise<{ id: string; folder: string }> {
  const wanted = { kind: parsed.options.kind ?? "log", name: newName(parsed.options.name, onWarning), params };
  const { definition, folder } = await createExperiment(store, wanted);
  return { id: definition.id, folder };
}

async function readLines(
  context: Context,
  parsed: Parsed<typeof OPTIONS>,
  redactor: Redactor,
  log: LogWriter,
  lines: () => LogWriter,
): Promise<void> {
  const splitter = new LineSplitter(redactor);
  let tee = parsed.options.tee;
  const keep = (line: string) => {
    const event = eventOf(line);
    if (event === undefined) lines().write("stdout", { text: line });
    else log.write(event.event, event.data, event.ts ?? Date.now());
  };
  const reader = context.stdin.readable.getReader();
  context.signal.addEventListener("abort", () => void reader.cancel().catch(() => {}), { once: true });
  while (true) {
    const { value, done } = await reader.read();
    if (done) break;
    if (tee) {
      try {
        context.stdout.passBytes(value);
      } catch (error) {
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        tee = false; // The reader has left; what comes is still kept.
      }
    }
    splitter.push(value).forEach(keep);
  }
  splitter.end().forEach(keep);
}

/** The event of a line: an object, named by its `event`, else `log`. Bare NaN and Infinity, as Python prints them, are read. */
function eventOf(line: string): { event: string; ts?: number; data: JsonObject } | undefined {
  if (!line.trimStart().startsWith("{")) return undefined;
  try {
    return parseEvent(line);
  } catch {
    // Perhaps an object without a name.
  }
  for (const text of [line, quoteNonstandardNumbers(line)]) {
    try {
      const json = JSON.parse(text ?? "");
      return isObject(json) ? { event: "log", data: json as JsonObject } : undefined;
    } catch {
      // Not JSON.
    }
  }
}

/** The value of a word of data: what a param would be, and numbers that JSON lacks, as in lines that programs print. */
function dataValue(text: string): Json {
  return /^[+-]?(?:nan|inf(?:inity)?)$/i.test(text) ? toNumber(text)! : parseTypedValue(text);
}

function pairsOf(pairs: readonly string[], what: string, valueOf: (text: string) => Json): JsonObject {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`Cannot read "${pair}" as ${what}: write it as name=value`);
    return [pair.slice(0, at), valueOf(pair.slice(at + 1))];
  }));
}
