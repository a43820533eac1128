/** What a process took. */
export interface Measured {
  readonly ms: number;
  /** The most memory that it held at once, in MiB; 0 where the system does not say. */
  readonly peakMb: number;
  readonly code: number;
}

/** How often a process is asked for its memory, in milliseconds. */
const LOOK_MS = 15;

/** Runs a command, its output thrown away. */
export async function measureProcess(command: readonly string[]): Promise<Measured> {
  const from = performance.now();
  const options = { args: command.slice(1), stdin: "null", stdout: "null", stderr: "null" } as const;
  const child = new Deno.Command(command[0], options).spawn();
  let peakMb = 0;
  const timer = setInterval(() => peakMb = Math.max(peakMb, peakOf(child.pid)), LOOK_MS);
  const { code } = await child.status;
  clearInterval(timer);
  return { ms: performance.now() - from, peakMb, code };
}

/** The most memory that a process has held until now, in MiB. */
export function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
