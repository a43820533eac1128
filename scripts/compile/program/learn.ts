// In an executable that is made only to learn what commands run: writes the bytecode of all that ran.
import { type Group, scripts } from "./loader.ts";

const folder = Deno.env.get("DBX_LEARN_FOLDER")!;

/** Whose bytecode is written: of the main isolate, or of the worker. The other's would replace it. */
const side = Deno.env.get("DBX_LEARN_SIDE");

/** The list of the chunks that ran. */
const list = Deno.env.get("DBX_LEARN_LIST")!;

/** A group with the bytecode that was learnt by now. */
export function withLearnt({ index, bytes }: Group): Group {
  let at = 0;
  const parts = index.flatMap(([name, length]) => [bytes.subarray(at, at += length), learnt(name)]);
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return { index: index.map(([name, length], i) => [name, length, parts[2 * i + 1].length]), bytes: whole };
}

function learnt(name: string): Uint8Array {
  try {
    return Deno.readFileSync(place(name));
  } catch {
    return new Uint8Array(); // It has not run.
  }
}

/** Learns from the main isolate, when it ends the process. */
export function learnFromMain(): void {
  const { exit } = Deno;
  Deno.exit = (code) => {
    save("main");
    return exit(code);
  };
  // To write what they learnt, this isolate keeps all permissions, and the worker gets them.
  Object.defineProperty(Deno.permissions, "revokeSync", { value: () => ({ state: "granted" }) });
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, { ...options, deno: undefined } as WorkerOptions);
    }
  };
}

/** Learns from a worker, when it posts how the command ended. */
export function learnFromWorker(): void {
  const scope = globalThis as unknown as { postMessage(message: object, transfer?: Transferable[]): void };
  const { postMessage } = scope;
  scope.postMessage = (message, transfer) => {
    if ("exitCode" in message) save("worker");
    postMessage.call(globalThis, message, transfer);
  };
}

function save(here: string): void {
  if (here !== side) return;
  for (const [name, script] of scripts) {
    if (script.cachedDataRejected) throw new Error(`the bytecode of ${name} that was learnt before is refused`);
    Deno.writeFileSync(place(name), script.createCachedData());
  }
  Deno.writeTextFileSync(`${folder}/${list}`, `${JSON.stringify([...scripts.keys()])}\n`, { append: true });
}

function place(name: string): string {
  return `${folder}/${name.replaceAll("/", "+")}.bytecode`;
}
