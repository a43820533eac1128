// Tries what a command must not be able to do, in a worker with the command's permissions.
import { probe } from "./probe.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<{ repo: string; cwd: string }>) => void) | null;
  postMessage(answer: Record<string, string>): void;
};

scope.onmessage = async ({ data }) => scope.postMessage(await probe(data));
