// A `dbx serve` of its own process, and requests as an attacker writes them.
import { spawn } from "../e2e/dbx.ts";

/** A dbx serve, and what it says. */
export interface Serving extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** What it said on stdout until it listened. */
  readonly said: string;
  /** What it has said on stderr so far. */
  complaints(): string;
  /** Ends it; all that it said. */
  stop(): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
}

/** Starts `dbx serve` and waits until it listens. `lines`: so many lines it says until then. */
export async function serving(
  args: readonly string[],
  { lines = 1, env = {}, openFiles }: {
    readonly lines?: number;
    readonly env?: Record<string, string>;
    readonly openFiles?: number;
  } = {},
): Promise<Serving> {
  const child = spawn(["serve", "--create", ...args], { env, openFiles });
  await child.stdin.close();
  let stdout = "", stderr = "";
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>, take: (text: string) => void) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) take(text);
  };
  const { promise: listens, resolve } = Promise.withResolvers<void>();
  const ended = Promise.all([
    collect(child.stdout, (text) => {
      stdout += text;
      if (stdout.split("\n").length > lines) resolve();
    }),
    collect(child.stderr, (text) => stderr += text),
  ]);
  await Promise.race([listens, child.status]);
  const said = stdout;
  const url = /(https?:[^\s"]+|unix:[^\s"]+)/.exec(said)?.[0].replace(/\/login.*$/, "");
  if (url === undefined) {
    await ended;
    throw new Error(`dbx serve ended: ${stdout}${stderr}`);
  }
  let isOver = false;
  const stop = async () => {
    if (!isOver) child.kill("SIGTERM");
    isOver = true;
    const { code } = await child.status;
    await ended;
    return { code, stdout, stderr };
  };
  return {
    url,
    pid: child.pid,
    said,
    complaints: () => stderr,
    stop,
    [Symbol.asyncDispose]: async () => void await stop(),
  };
}

/** Sends bytes as they are, and gives all that is answered, up to so many milliseconds. */
export async function raw(url: string, message: string, milliseconds = 5000): Promise<string> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
  const timer = setTimeout(() => connection.close(), milliseconds);
  let text = "";
  try {
    await connection.write(Uint8Array.from(message, (letter) => letter.charCodeAt(0)));
    const decoder = new TextDecoder();
    for await (const bytes of connection.readable) text += decoder.decode(bytes, { stream: true });
  } catch {
    // It was cut off, or took too long.
  } finally {
    clearTimeout(timer);
    try {
      connection.close();
    } catch {
      // It is closed.
    }
  }
  return text;
}

/** The status of an answer; 0 where there is none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.\d (\d+)/.exec(answer)?.[1] ?? 0);
}

/** Waits until a condition holds, up to ten seconds. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it did not come about: ${what}`);
}
