import type { Pager } from "../terminal/paged_sink.ts";

/** A pager that the main isolate starts at the other end of a port. */
export function pagerAt(port: MessagePort): Pager {
  const { promise: left, resolve } = Promise.withResolvers<void>();
  let isLeft = false;
  port.onmessage = () => {
    isLeft = true;
    resolve();
    port.close();
  };
  return {
    write(bytes) {
      if (isLeft) throw new Deno.errors.BrokenPipe("the reader has left the pager");
      port.postMessage(bytes);
    },
    async end() {
      if (!isLeft) port.postMessage(null);
      await left;
    },
  };
}
