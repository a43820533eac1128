import { cpus, freemem, loadavg, totalmem } from "node:os";
import type { LogWriter } from "../../logger/log/log_writer.ts";

const GPU_FIELDS = [
  "index",
  "utilization.gpu",
  "memory.used",
  "memory.total",
  "temperature.gpu",
  "power.draw",
] as const;
const GPU_KEYS = ["index", "utilization", "memory_used_mib", "memory_total_mib", "temperature_c", "power_w"] as const;

/** What the sampler needs. */
export interface SamplerOptions {
  /** The absolute path of `nvidia-smi`, if there is one. */
  readonly nvidiaSmi?: string;
  readonly env: Record<string, string>;
  readonly intervalSeconds: number;
}

/** Samples CPU, memory and GPUs into a log until `stop`. What cannot be read is left out. */
export class SystemSampler {
  readonly #timer: ReturnType<typeof setInterval>;
  #cpu = readCpu();
  #sampling: Promise<void> = Promise.resolve();
  #hasGpus = true;

  constructor(readonly log: LogWriter, readonly options: SamplerOptions) {
    this.#timer = setInterval(() => this.#next(), options.intervalSeconds * 1000);
    this.#next();
  }

  /** Ends the sampling, after the sample that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sampling;
  }

  #next(): void {
    this.#sampling = this.#sampling.then(() => this.#sample()).catch(() => {});
  }

  async #sample(): Promise<void> {
    const cpu = readCpu();
    const data: Record<string, unknown> = { load1: loadavg()[0], ...readMemory() };
    if (cpu !== undefined && this.#cpu !== undefined && cpu.total > this.#cpu.total) {
      data.cpu_percent = 100 * (1 - (cpu.idle - this.#cpu.idle) / (cpu.total - this.#cpu.total));
    }
    this.#cpu = cpu;
    this.log.write("system", data);
    if (this.options.nvidiaSmi !== undefined && this.#hasGpus) await this.#sampleGpus(this.options.nvidiaSmi);
  }

  async #sampleGpus(program: string): Promise<void> {
    const args = [`--query-gpu=${GPU_FIELDS.join(",")}`, "--format=csv,noheader,nounits"];
    const command = new Deno.Command(program, {
      args,
      env: this.options.env,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(5000),
    });
    const output = await command.output();
    if (!output.success) this.#hasGpus = false;
    else {for (const gpu of parseGpus(new TextDecoder().decode(output.stdout))) {
        this.log.write(`system/gpu/${gpu.index}`, gpu);
      }}
  }
}

/** The rows that `nvidia-smi --format=csv,noheader,nounits` prints; a field that is not a number (`[N/A]`) is left out. */
export function parseGpus(text: string): ({ index: number } & Record<string, number>)[] {
  return text.trim().split("\n").filter((line) => line !== "").map((line) => {
    const gpu: { index: number } & Record<string, number> = { index: 0 };
    line.split(",").forEach((field, at) => {
      const value = Number(field);
      if (field.trim() !== "" && Number.isFinite(value) && GPU_KEYS[at] !== undefined) gpu[GPU_KEYS[at]] = value;
    });
    return gpu;
  });
}

/** Milliseconds that all processors together have spent so far. */
function readCpu(): { idle: number; total: number } | undefined {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return total > 0 ? { idle, total } : undefined;
}

function readMemory(): Record<string, number> {
  const mib = 1024 * 1024;
  return { memory_total_mib: totalmem() / mib, memory_used_mib: (totalmem() - freemem()) / mib };
}
