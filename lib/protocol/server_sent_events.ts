import { DamageError } from "../base/errors.ts";

/** Characters of one message; a server sends no more than 32 MiB. */
const MAX_EVENT_LENGTH = 64 * 1024 * 1024;

/** One message of a stream of server-sent events. */
export interface ServerEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/**
 * The messages of a stream, as the standard has it (HTML, section 9.2), until it ends or the signal aborts. One that is cut
 * off at the end is dropped.
 */
export async function* eventsOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  // A request's signal does not always reach the body of its answer.
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel);
  let rest = "";
  let event = "message", id = "";
  let data: string[] = [];
  let held = 0;
  const tooLong = () =>
    new DamageError(`Cannot read a stream of events: one has more than ${MAX_EVENT_LENGTH} characters`);
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      // A line may end with a carriage return here, which `TextLines` does not know.
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop()!;
      if (rest.length + held > MAX_EVENT_LENGTH) throw tooLong();
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield { event, id, data: data.join("\n") };
          event = "message";
          data = [];
          held = 0;
          continue;
        }
        const colon = line.indexOf(":");
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (field === "event") event = value;
        else if (field === "id") id = value;
        else if (field === "data") {
          data.push(value);
          if ((held += value.length) > MAX_EVENT_LENGTH) throw tooLong();
        }
      }
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}
