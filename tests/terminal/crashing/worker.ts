import { terminalOf } from "../../../lib/cli/worker/main_requests.ts";
import { FullScreen } from "../../../lib/cli/worker/full_screen.ts";
import { standardOutputs } from "../../../lib/terminal/output.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<{ args: readonly string[] }>) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
};

scope.onmessage = async ({ data: { args: [how] } }) => {
  const context = {
    terminal: terminalOf((port) => scope.postMessage({ terminal: port }, [port])),
    stdin: { readable: Deno.stdin.readable, isTerminal: true },
    stdout: standardOutputs({}).stdout,
  };
  const full = await FullScreen.enter(context, {
    paint: (area) => {
      area.text(0, 0, "on the whole screen");
      return undefined;
    },
    take: () => {
      if (how === "throws") throw new Error("a crash");
      if (how === "rejects") void Promise.reject(new Error("a crash"));
    },
  });
  if (how === "hangs") { while (true); }
  await full.read();
};
