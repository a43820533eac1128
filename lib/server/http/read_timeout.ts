/** Milliseconds that a client may take to want more. */
const READ_TIMEOUT_MS = 60_000;

/** The same stream, which ends with an error, and stops its source, when it is not read for a minute. */
export function withReadTimeout(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  timeoutMs: number = READ_TIMEOUT_MS,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      clearTimeout(timer);
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        controller.enqueue(value);
      } catch (error) {
        return controller.error(error);
      }
      timer = setTimeout(() => {
        reader.cancel().catch(() => {});
        controller.error(new Error("the client reads too slowly"));
      }, timeoutMs);
    },
    async cancel() {
      clearTimeout(timer);
      await reader.cancel();
    },
  }, { highWaterMark: 0 });
}
