import type { Opening } from "../../server/pool/query_process.ts";
import { encodeFrame } from "../../server/pool/helper_frames.ts";

/** A worker wants a helper: it cannot say which program, nor what that may read. */
export interface HelperRequest {
  readonly helper: MessagePort;
}

/** Variables that the runtime looks at. */
const KEPT = ["HOME", "TMPDIR", "TEMP", "SystemRoot", "DENO_DIR", "XDG_CACHE_HOME"];

/** Starts dbx as a helper with these words, with its pipes on a port. */
export function startHelper(port: MessagePort, args: string[], opening: Opening): void {
  const env: Record<string, string> = {};
  for (const name of KEPT) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  const child = new Deno.Command(Deno.execPath(), {
    args,
    env,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = child.stdin.getWriter();
  const write = (bytes: Uint8Array) => input.write(bytes).catch(() => {}); // It has ended, which is reported below.
  write(encodeFrame(opening));
  port.onmessage = ({ data }: MessageEvent<Uint8Array | null>) => {
    if (data !== null) return void write(data);
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  };
  void relay(child, port);
}

async function relay(child: Deno.ChildProcess, port: MessagePort): Promise<void> {
  try {
    for await (const bytes of child.stdout) port.postMessage(bytes, [bytes.buffer]);
  } catch {
    // Its end is reported.
  }
  const { code, signal } = await child.status;
  port.postMessage({ code, signal });
  port.close();
}
