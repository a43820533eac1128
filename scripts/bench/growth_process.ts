/** What a process took. */
export interface Measured {
  readonly ms: number;
  /** Processor time of all its threads, up to some 15 ms before its end. */
  readonly cpuMs: number;
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
  let peakMb = 0, cpuMs = 0;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(child.pid));
    cpuMs = Math.max(cpuMs, cpuOf(child.pid));
  }, LOOK_MS);
  const { code } = await child.status;
  clearInterval(timer);
  return { ms: performance.now() - from, cpuMs, peakMb, code };
}

/** Milliseconds that a process has computed until now. */
export function cpuOf(pid: number): number {
  try {
    const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /, "").split(" ");
    // Behind the name: the 12th and 13th, in hundredths of a second.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** The most memory that a process has held until now, in MiB. */
export function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** A process and all that it started, those that these started included. */
export function withChildren(pid: number): number[] {
  try {
    const threads = Array.from(Deno.readDirSync(`/proc/${pid}/task`), ({ name }) => name);
    const children = threads.flatMap((thread) =>
      Deno.readTextFileSync(`/proc/${pid}/task/${thread}/children`).split(" ").filter((word) => word !== "").map(Number)
    );
    return [pid, ...children.flatMap(withChildren)];
  } catch {
    return [pid];
  }
}
