// A server as users start it, in a process of its own.
import { scratch, spawn } from "../e2e/dbx.ts";

/** A server of one new repository. */
export interface ServedProcess extends AsyncDisposable {
  readonly url: string;
  /** The routes: `${api}/query`. */
  readonly api: string;
  /** The folder of the repository. */
  readonly path: string;
  readonly pid: number;
  /** Has it end, as Ctrl-C or `kill` does. */
  readonly kill: (signal: "SIGINT" | "SIGTERM") => void;
  /** Undefined as long as it runs. */
  readonly ended: () => number | undefined;
  readonly stderr: () => string;
}

/** Starts `dbx serve` on a free port. `prepare` may fill the repository's folder first. */
export async function serveProcess(
  args: readonly string[] = [],
  prepare: (path: string) => Promise<void> = () => Promise.resolve(),
): Promise<ServedProcess> {
  const folder = await scratch();
  const path = `${folder.path}/repo`;
  await prepare(path);
  const child = spawn(["serve", "--create", "--listen", "0", "--jsonl", "--quiet", "--repo", path, ...args], {
    env: { DBX_TOKEN: "" },
  });
  let code: number | undefined;
  let errors = "";
  const status = child.status.then((ended) => code = ended.code);
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) errors += text;
  })();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await lines.read();
    if (done) throw new Error(`the server did not start: ${errors}`);
    text += value;
  }
  const draining = (async () => {
    while (!(await lines.read()).done);
  })();
  const { listening: url } = JSON.parse(text.slice(0, text.indexOf("\n")));
  return {
    url,
    api: `${url}/api/v1`,
    path,
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    ended: () => code,
    stderr: () => errors,
    async [Symbol.asyncDispose]() {
      if (code === undefined) child.kill("SIGTERM");
      await child.stdin.close().catch(() => {});
      await Promise.all([status, reading, draining]);
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Asks for something small until an attack is over, as a second client; the longest that one answer took, in milliseconds. */
export async function meanwhile(url: string, attack: Promise<unknown>): Promise<number> {
  const small = async () => {
    const response = await fetch(url);
    await response.body?.cancel();
    return response;
  };
  return (await besides(small, attack)).longest;
}

/** The same with a question of one's own; and how many were answered. */
export async function besides(
  small: () => Promise<{ readonly status: number }>,
  attack: Promise<unknown>,
): Promise<{ readonly longest: number; readonly count: number }> {
  let isOver = false;
  const over = attack.finally(() => isOver = true).catch(() => {});
  let longest = 0, count = 0;
  do {
    const from = performance.now();
    const { status } = await small();
    if (status !== 200) throw new Error(`a second client got ${status}`);
    longest = Math.max(longest, performance.now() - from);
    count++;
    await new Promise((resolve) => setTimeout(resolve, 20));
  } while (!isOver);
  await over;
  return { longest, count };
}
