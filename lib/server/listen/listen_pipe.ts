import { concat } from "../../base/bytes.ts";
import { ByteReader, type ByteWriter, readMessage, writeMessage } from "../../protocol/pipe_messages.ts";
import { HttpError, refuse } from "../http/http_error.ts";

/** Bytes of a request's body. */
const MAX_BODY = 32 * 1024 * 1024;

/**
 * Answers requests that come on a pipe, one after another, until it ends. The program at the other end of the pipe was
 * let in already.
 */
export async function servePipe(
  handler: (request: Request) => Promise<Response>,
  input: ReadableStream<Uint8Array>,
  output: ByteWriter,
): Promise<void> {
  const reader = new ByteReader(input);
  while (true) {
    const message = await readMessage(reader);
    if (message === undefined) return;
    const { response, cut } = await answer(handler, message);
    if (cut !== undefined) throw cut; // There is no reader for an answer any more.
    const headers = Object.fromEntries(response.headers);
    await writeMessage(output, { status: response.status, headers }, response.body ?? undefined);
  }
}

async function answer(
  handler: (request: Request) => Promise<Response>,
  { head, body }: NonNullable<Awaited<ReturnType<typeof readMessage>>>,
): Promise<{ readonly response: Response; readonly cut?: unknown }> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  let cut: unknown;
  try {
    for await (const piece of body) {
      total += piece.length;
      if (total <= MAX_BODY) pieces.push(piece);
    }
  } catch (error) {
    cut = error;
  }
  try {
    if (total > MAX_BODY) throw new HttpError(413, `a body of ${total} bytes`);
    const { method, path, headers } = head;
    if (typeof method !== "string" || typeof path !== "string" || !path.startsWith("/")) {
      throw new HttpError(400, "no request");
    }
    const hasBody = method !== "GET" && method !== "HEAD";
    const request = new Request(`http://pipe${path}`, {
      method,
      headers: headers as Record<string, string>,
      body: hasBody ? cut === undefined ? concat(pieces) : broken(concat(pieces), cut) : undefined,
    });
    return { response: await handler(request), cut };
  } catch (error) {
    return { response: refuse(error), cut };
  }
}

/** What came of a body, and then why no more does. */
function broken(bytes: Uint8Array<ArrayBuffer>, cut: unknown): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from((async function* () {
    yield await Promise.resolve(bytes);
    throw cut;
  })());
}
