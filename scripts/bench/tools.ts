import { cpus, totalmem } from "node:os";

/** The median of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One line on what a benchmark ran on. */
export function machine(): string {
  const all = cpus();
  return `${all[0]?.model ?? "?"}, ${all.length} cores, ${
    Math.round(totalmem() / 2 ** 30)
  } GiB, Deno ${Deno.version.deno}`;
}

/** Milliseconds that a command takes, its output thrown away. */
export async function timeCommand(
  words: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
): Promise<number> {
  const from = performance.now();
  const options = { args: words.slice(1), env, cwd, stdin: "null", stdout: "null", stderr: "null" } as const;
  const { success } = await new Deno.Command(words[0], options).spawn().status;
  if (!success) throw new Error(`failed: ${words.join(" ")}`);
  return performance.now() - from;
}

/** Medians of commands that take turns. */
export async function compareCommands(
  commands: Readonly<Record<string, readonly string[]>>,
  rounds: number,
  env: Record<string, string> = {},
  cwd?: string,
): Promise<Record<string, number>> {
  const times: Record<string, number[]> = {};
  for (let round = 0; round <= rounds; round++) {
    for (const [name, words] of Object.entries(commands)) {
      const time = await timeCommand(words, env, cwd);
      if (round > 0) (times[name] ??= []).push(time); // The first round warms the caches.
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

/** The compiled binary. */
export function binary(): string {
  return Deno.env.get("DBX_BINARY") ?? decodeURIComponent(new URL("../../dist/dbx", import.meta.url).pathname);
}
