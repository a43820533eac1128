import { TextLineStream } from "@std/streams/text-line-stream";
import { median } from "./tools.ts";
import * as processes from "./growth_process.ts";
import type { Measured } from "./growth_process.ts";

/** What a server is asked, by what it is called. */
const QUESTIONS = (exp: string): Readonly<Record<string, string>> => ({
  "server: first page": "/api/v1/list?limit=20",
  "server: first page of experiments": "/api/v1/experiments?limit=20",
  "server: one curve": `/api/v1/query?sql=${
    encodeURIComponent(`SELECT step, value FROM points WHERE exp = '${exp}' AND key = 'loss'`)
  }`,
  "server: best run": `/api/v1/query?sql=${
    encodeURIComponent("SELECT exp, run, min FROM metrics WHERE key = 'loss' ORDER BY min LIMIT 1")
  }`,
  "server: one experiment": `/api/v1/experiments/${exp}`,
});

/** Starts a server, asks each question for the first time and then again, and says how much memory it and its helpers held. */
export async function measureServer(
  command: readonly string[],
  exp: string,
  rounds: number,
): Promise<Record<string, Measured>> {
  const from = performance.now();
  const child = new Deno.Command(command[0], {
    args: [...command.slice(1), "--listen", "0", "--jsonl"],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const measured: Record<string, Measured> = {};
  try {
    const url = await addressOf(child.stdout);
    measured["server: start"] = {
      ms: performance.now() - from,
      cpuMs: cpuOf(child.pid),
      peakMb: peakOf(child.pid),
      code: 0,
    };
    for (const [name, path] of Object.entries(QUESTIONS(exp))) {
      const before = cpuOf(child.pid);
      const first = await ask(url + path);
      const between = cpuOf(child.pid);
      measured[`${name}, first time`] = {
        ms: first.ms,
        cpuMs: cpuOf(child.pid) - before,
        peakMb: peakOf(child.pid),
        code: first.code,
      };
      const times: number[] = [];
      while (times.length < rounds) times.push((await ask(url + path)).ms);
      const cpuMs = (cpuOf(child.pid) - between) / rounds;
      measured[`${name}, again`] = { ms: median(times), cpuMs, peakMb: peakOf(child.pid), code: first.code };
    }
  } finally {
    child.kill("SIGTERM");
    await child.status;
  }
  return measured;
}

/** Milliseconds that a server and its helpers have computed until now. */
function cpuOf(pid: number): number {
  return processes.withChildren(pid).reduce((sum, own) => sum + processes.cpuOf(own), 0);
}

/** The most memory that each of them has held until now, in MiB, together. */
function peakOf(pid: number): number {
  return processes.withChildren(pid).reduce((sum, own) => sum + processes.peakOf(own), 0);
}

/** The address that a server says in its first line; the rest is read and thrown away. */
async function addressOf(stdout: ReadableStream<Uint8Array>): Promise<string> {
  const lines: ReadableStream<string> = stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  const reader = lines.getReader();
  const { value, done } = await reader.read();
  if (done) throw new Error("the server ended");
  (async () => {
    while (!(await reader.read()).done);
  })();
  return JSON.parse(value).listening;
}

async function ask(url: string): Promise<{ readonly ms: number; readonly code: number }> {
  const from = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  return { ms: performance.now() - from, code: response.ok ? 0 : response.status };
}
