// The worker of a command, which has the permissions that the command declared.
import type { ExitResult } from "../cli/launch/errors.ts";
import type { MainRequest, RunOrder } from "../cli/launch/run_in_worker.ts";
import { execute } from "./execute.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<RunOrder>) => void) | null;
  postMessage(message: ExitResult | MainRequest, transfer?: Transferable[]): void;
};

scope.onmessage = ({ data }) => {
  const post = (message: MainRequest, transfer: Transferable[]) => scope.postMessage(message, transfer);
  execute(data, { post }).then((ending) => scope.postMessage(ending));
};
