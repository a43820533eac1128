// A worker that makes the folder for Python's start-up below each home that it is told, and answers with PYTHONPATH.
import { pythonHook } from "../../lib/commands/record/child/python_hook.ts";

interface Scope {
  onmessage: (message: MessageEvent<string>) => void;
  postMessage(path: string | undefined): void;
}

const scope = globalThis as unknown as Scope;
scope.onmessage = async ({ data }) => scope.postMessage((await pythonHook({ HOME: data })).PYTHONPATH);
