// A process that answers questions of a server: it relays stdin to a thread of its own, and the messages of that thread
// to stdout, and ends when it has more memory than it may, wherever the thread is just then.
import { isObject, type Json } from "../../base/json.ts";
import { warn } from "../../base/warn.ts";
import { cellFromJson, cellToJson } from "../../protocol/cells.ts";
import type { QueryValue } from "../../query/result/answer.ts";
import type { QueriedRepository, WorkerReply, WorkerRequest } from "./messages.ts";
import { encodeFrame, FrameReader } from "./helper_frames.ts";
import { type QueryHelper, startThread } from "./query_helper.ts";

/** The exit code of one that took too much memory. */
export const TOO_LARGE = 75;
/** Milliseconds between two looks at the memory. */
const LOOK_MS = 20;

/** The first message to a process, from the one that starts it. */
export interface Opening {
  readonly repositories: readonly QueriedRepository[];
  /** Bytes that it may have. */
  readonly memory: number;
}

/** Answers until stdin ends. */
export async function serveQueries(): Promise<void> {
  // The server decides when it ends, which a signal to the whole group reaches too.
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => {});
  const frames = new FrameReader();
  let thread: QueryHelper | undefined;
  for await (const piece of Deno.stdin.readable) {
    for (const { json } of frames.add(piece)) {
      if (thread === undefined) thread = open(json as Opening);
      else thread.post(requestFromJson(json));
    }
  }
  Deno.exit(0);
}

function open({ repositories, memory }: Opening): QueryHelper {
  setInterval(() => {
    if (Deno.memoryUsage().rss > memory) Deno.exit(TOO_LARGE);
  }, LOOK_MS);
  return startThread(repositories, {
    onMessage: send,
    onEnd(why) {
      warn(why);
      Deno.exit(1);
    },
  });
}

function send(message: WorkerReply): void {
  const frame = message.kind === "piece"
    ? encodeFrame({ kind: "piece", id: message.id }, message.bytes)
    : encodeFrame(message);
  for (let at = 0; at < frame.length;) at += Deno.stdout.writeSync(frame.subarray(at));
}

/** A message for a process as JSON. */
export function requestToJson(message: WorkerRequest): unknown {
  if (message.kind !== "ask" || message.question.type !== "query" || message.question.params === undefined) {
    return message;
  }
  const params = Object.entries(message.question.params).map(([name, value]) => [
    name,
    typeof value === "boolean" ? value : cellToJson(value),
  ]);
  return { ...message, question: { ...message.question, params: Object.fromEntries(params) } };
}

function requestFromJson(json: unknown): WorkerRequest {
  const message = json as WorkerRequest;
  if (message.kind !== "ask" || message.question.type !== "query" || !isObject(message.question.params)) return message;
  const params: Record<string, QueryValue | boolean> = {};
  for (const [name, value] of Object.entries(message.question.params)) {
    params[name] = typeof value === "boolean" ? value : cellFromJson(value as Json);
  }
  return { ...message, question: { ...message.question, params } };
}
