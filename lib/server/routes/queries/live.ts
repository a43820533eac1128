import { type LiveMessage, TooManyError } from "../../../live/live_query_broker.ts";
import { errorToJson } from "../../../protocol/error_json.ts";
import type { Answer } from "../../api/contract.ts";
import { EVENTS } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import { HttpError } from "../../http/http_error.ts";
import type { Call, Endpoint } from "../call.ts";
import { queryOf } from "./question.ts";
import { AFTER, ASKED, question } from "./question_parts.ts";

/** Milliseconds between two signs of life on a stream. */
const ALIVE_MS = 15_000;
/** Followers of one server at most. */
const MAX_FOLLOWERS = 2000;

const STREAM: Answer = {
  help: "events `answer` and `changes`: see API.md",
  content: { [EVENTS]: named("LiveMessage") },
};

/** `GET /api/v1/live` */
export const live: Endpoint<Call> = {
  parameters: [...ASKED, ...AFTER],
  answers: { 200: STREAM },
  errors: [404, 409, 422],
  handle: follow,
};

/** `POST /api/v1/live` */
export const liveByBody: Endpoint<Call> = {
  parameters: AFTER,
  body: question({}, "the query"),
  answers: { 200: STREAM },
  errors: [404, 409, 422],
  handle: follow,
};

/**
 * Server-sent events `answer` and `changes`, as described in `lib/docs/API.md`. An error that comes later is an event
 * `error`. The id of an event is the version of the answer: `last-event-id` resumes there.
 */
async function follow(call: Call): Promise<Response> {
  const { request, url, gone, served, services } = call;
  const hub = services.liveQueries(served);
  if (hub.followers >= MAX_FOLLOWERS) throw new HttpError(503, "too many live queries", { "retry-after": "5" });
  const { asked: question, params, all } = await queryOf(call);
  const after = request.headers.get("last-event-id") ?? url.searchParams.get("after") ?? undefined;
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, services.ended, ...gone === undefined ? [] : [gone]]);
  let messages: AsyncGenerator<LiveMessage, void>;
  try {
    messages = hub.follow({ asked: question, params, all }, { signal, after });
  } catch (error) {
    if (!(error instanceof TooManyError)) throw error;
    throw new HttpError(503, `${error.message}; end one of them, or try again later`, { "retry-after": "5" });
  }
  // Errors in the query are reported as for any other, unless the client resumes.
  const first = after === undefined ? await messages.next() : undefined;
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setInterval> | undefined;
  let isWaiting = false;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(stream) {
      stream.enqueue(encoder.encode("retry: 1000\n\n"));
      timer = setInterval(() => {
        if (isWaiting) stream.enqueue(encoder.encode(": still here\n\n"));
      }, ALIVE_MS);
      if (first?.value) stream.enqueue(encoder.encode(textOf(first.value)));
    },
    async pull(stream) {
      isWaiting = true;
      try {
        const { done, value } = await messages.next();
        if (done) {
          clearInterval(timer);
          stream.close();
        } else stream.enqueue(encoder.encode(textOf(value)));
      } catch (error) {
        clearInterval(timer);
        const json = errorToJson(error) ?? { error: "the query failed" };
        stream.enqueue(encoder.encode(`event: error\ndata: ${JSON.stringify(json)}\n\n`));
        stream.close();
      } finally {
        isWaiting = false;
      }
    },
    cancel() {
      clearInterval(timer);
      controller.abort();
    },
  }, { highWaterMark: 1 });
  return new Response(stream, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}

/** Texts of messages that many followers get alike. */
const texts = new WeakMap<object, string>();

function textOf(message: LiveMessage): string {
  const key = message.type === "answer" ? message.rows : message.changes;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const data = message.type === "answer"
    ? `{"columns":${JSON.stringify(message.columns)},"rows":[${message.rows.join(",")}]}`
    : `[${message.changes.map(({ at, removed, rows }) => `[${at},${removed},[${rows.join(",")}]]`).join(",")}]`;
  const text = `event: ${message.type}\nid: ${message.version}\ndata: ${data}\n\n`;
  texts.set(key, text);
  return text;
}
