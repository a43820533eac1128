import { DamageError, DbxError } from "../../base/errors.ts";
import { ByteReader, type ByteWriter, readMessage, writeMessage } from "../../protocol/pipe_messages.ts";
import type { Transport } from "./exchange.ts";
import { cannotReach } from "./unreachable.ts";

/** Bytes of an answer that are skipped when the caller stops reading. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;

/** Sends requests over a pipe, one after another: the next one waits until the answer before is read. */
export function pipeTransport(
  input: ReadableStream<Uint8Array>,
  output: ByteWriter,
  options: { readonly who: string; readonly whyEnded?: () => Promise<string> },
): Transport {
  const reader = new ByteReader(input);
  let before: Promise<void> = Promise.resolve();
  let isBroken = false;
  const ended = async (cause: unknown): Promise<never> => {
    isBroken = true;
    const ending = await options.whyEnded?.() || (cause instanceof Error ? cause.message : "it ended");
    // Output that is not a message explains more than the exit code.
    const why = cause instanceof DamageError && !cause.message.includes(ending)
      ? `${cause.message} (${ending})`
      : ending;
    throw new DbxError(cannotReach(options.who, why));
  };
  return async (request) => {
    const waiting = before;
    const { promise: isRead, resolve: done } = Promise.withResolvers<void>();
    before = isRead;
    await waiting;
    if (isBroken) return await ended(undefined);
    const { pathname, search } = new URL(request.url);
    const head = { method: request.method, path: pathname + search, headers: Object.fromEntries(request.headers) };
    let message: Awaited<ReturnType<typeof readMessage>>;
    // A caller that stops waiting leaves an answer behind that could not be told apart from the next one.
    request.signal.addEventListener("abort", () => {
      isBroken = true;
      done();
    }, { once: true });
    try {
      await writeMessage(output, head, request.body ?? undefined);
      message = await readMessage(reader);
      if (message === undefined) throw new Error("it ended");
    } catch (error) {
      done();
      return await ended(error);
    }
    const { body, head: { status, headers } } = message;
    const rest = async (): Promise<void> => {
      let count = 0;
      try {
        for await (const piece of body) {
          if ((count += piece.length) > MAX_DRAINED_BYTES) throw new Error("it does not end");
        }
      } catch {
        isBroken = true;
      }
      done();
    };
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        try {
          const { done: isOver, value } = await body.next();
          if (!isOver) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          isBroken = true;
          controller.error(error);
        }
        done();
      },
      // Even if the caller stops reading, the pipe has to be left where the next answer begins.
      cancel: rest,
    }, { highWaterMark: 0 });
    if (typeof status !== "number" || status < 200 || status > 599) return await ended(undefined);
    const isEmpty = status === 204 || status === 304 || request.method === "HEAD";
    if (isEmpty) await rest();
    return new Response(isEmpty ? null : stream, {
      status,
      headers: headers as Record<string, string>,
    });
  };
}
