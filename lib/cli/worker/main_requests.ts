import type { ExitResult } from "../launch/errors.ts";
import type { RunOther } from "../launch/other_commands.ts";
import type { TerminalRequest } from "../launch/terminal_guard.ts";

/** How a worker asks the main isolate for the terminal. `send`: gives the main isolate its end of a channel, at the first request. */
export function terminalOf(send: (port: MessagePort) => void): (request: TerminalRequest) => Promise<void> {
  const ask = asker<TerminalRequest, TerminalRequest>(send);
  return async (request) => void await ask(request);
}

/** How a worker has the main isolate run another command. */
export function otherCommandsOf(send: (port: MessagePort) => void): RunOther {
  return asker<Parameters<RunOther>[0], ExitResult>(send);
}

/** Asks through a channel that answers in order. */
function asker<Question, Answer>(send: (port: MessagePort) => void): (question: Question) => Promise<Answer> {
  let port: MessagePort | undefined;
  const waiting: ((answer: Answer) => void)[] = [];
  return (question) => {
    if (port === undefined) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<Answer>) => waiting.shift()?.(data);
      port = port1;
      send(port2);
    }
    const { promise, resolve } = Promise.withResolvers<Answer>();
    waiting.push(resolve);
    port.postMessage(question);
    return promise;
  };
}
