import { type LiveMessage, LiveQueryBroker, TooManyError } from "../../live/live_query_broker.ts";
import { errorToJson } from "../../protocol/error_json.ts";
import type { QueryPool } from "../pool/query_pool.ts";
import { queryOf } from "./queries.ts";
import { HttpError } from "../http/http_error.ts";
import type { RequestContext } from "../listen/types.ts";
import type { ServedRepository } from "../repository/served_repository.ts";

/** Milliseconds between two signs of life on a stream. */
const ALIVE_MS = 15_000;
/** What one evaluation of a live query may use. */
const LIMITS = { ms: 10_000, rows: 20_000, bytes: 32 * 1024 * 1024 };
/** Followers of one server at most. */
const MAX_FOLLOWERS = 2000;

/** A hub whose evaluations a pool does. */
export function liveHubOf(pool: QueryPool, served: ServedRepository): LiveQueryBroker {
  const of = [{ at: served.at, name: served.name }];
  return new LiveQueryBroker(async ({ asked, params, all }, signal) => {
    const question = { type: "query", asked, params, all, format: "rows", awaitsSeries: true } as const;
    const text = await pool.ask(of, question, { limits: LIMITS, signal }).then((stream) => new Response(stream).text())
      .catch((error) => {
        const { hide } = served.options;
        if (error instanceof Error && hide !== undefined) error.message = hide(error.message);
        throw error;
      });
    const [head, ...rows] = text.split("\n");
    const { columns } = JSON.parse(head) as { columns: string[] };
    return { columns, rows: rows.slice(0, -2) }; // The last line tells the end, and is followed by nothing.
  }, served);
}

/**
 * `GET /live?sql=…`: server-sent events `answer` and `changes`, as `lib/docs/API.md` tells. An error that comes later is
 * an event `error`. The id of an event is the version of the answer: `last-event-id` resumes there.
 */
export async function live(hub: LiveQueryBroker, asked: RequestContext, ended: AbortSignal): Promise<Response> {
  if (hub.followers >= MAX_FOLLOWERS) throw new HttpError(503, "too many live queries", { "retry-after": "5" });
  const { asked: question, params, all } = await queryOf(asked, "live_by_body");
  const after = asked.request.headers.get("last-event-id") ?? asked.url.searchParams.get("after") ?? undefined;
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, ended]);
  let messages: AsyncGenerator<LiveMessage, void>;
  try {
    messages = hub.follow({ asked: question, params, all }, { signal, after });
  } catch (error) {
    if (!(error instanceof TooManyError)) throw error;
    throw new HttpError(503, `${error.message}; end one of them, or try again later`, { "retry-after": "5" });
  }
  // What is wrong with the query is told as of any other, unless the client resumes.
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
