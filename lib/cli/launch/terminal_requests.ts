import type { TerminalRequest } from "./terminal_guard.ts";

/** How a worker asks the main isolate for the terminal. `send`: gives the main isolate its end of a channel, at the first request. */
export function terminalOf(send: (port: MessagePort) => void): (request: TerminalRequest) => Promise<void> {
  let port: MessagePort | undefined;
  const waiting: (() => void)[] = [];
  return (request) => {
    if (port === undefined) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => waiting.shift()?.();
      port = port1;
      send(port2);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    port.postMessage(request);
    return promise;
  };
}
