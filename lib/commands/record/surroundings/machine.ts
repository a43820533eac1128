import { cpus, totalmem } from "node:os";
import type { JsonObject } from "../../../base/json.ts";
import { lookAtUserFile, readUserText } from "../../../fs/files/user_files.ts";

/** Milliseconds after which `nvidia-smi` is given up. */
const GPU_TIMEOUT_MS = 20_000;

/** Variables by which schedulers tell a job its id. */
const JOBS: readonly (readonly [variable: string, scheduler: string])[] = [
  ["SLURM_JOB_ID", "slurm"],
  ["PBS_JOBID", "pbs"],
  ["LSB_JOBID", "lsf"],
  ["OAR_JOB_ID", "oar"],
  ["FLUX_JOB_ID", "flux"],
  ["COBALT_JOBID", "cobalt"],
  ["_CONDOR_JOB_ID", "htcondor"],
  ["RAY_JOB_ID", "ray"],
  ["GITHUB_RUN_ID", "github-actions"],
  ["CI_JOB_ID", "gitlab-ci"],
];

type Environment = Readonly<Record<string, string | undefined>>;

/** What is known of the machine at once: system, CPU, memory in bytes, container, scheduler and job. */
export function describeMachine(env: Environment): JsonObject {
  const facts: JsonObject = { os: `${Deno.build.os} ${Deno.osRelease()}`, arch: Deno.build.arch };
  const list = cpus();
  if (list.length > 0) facts.cpus = list.length;
  const model = list[0]?.model.trim() || modelOf(readUserText("/proc/cpuinfo"));
  if (model) facts.cpu = model;
  facts.memory = totalmem();
  const container = containerOf(env);
  if (container !== undefined) facts.container = container;
  for (const [variable, scheduler] of JOBS) {
    const job = env[variable];
    if (job) return { ...facts, scheduler, job };
  }
  return facts;
}

function modelOf(text: string | undefined): string | undefined {
  return /^(?:model name|Hardware)\s*:\s*(.+)$/m.exec(text ?? "")?.[1].trim();
}

function containerOf(env: Environment): string | undefined {
  const image = env.APPTAINER_CONTAINER ?? env.SINGULARITY_CONTAINER;
  if (image !== undefined) return `apptainer ${image.slice(image.lastIndexOf("/") + 1)}`.trim();
  if (env.KUBERNETES_SERVICE_HOST) return "kubernetes";
  if (lookAtUserFile("/run/.containerenv") !== undefined) return "podman";
  return lookAtUserFile("/.dockerenv") === undefined ? undefined : "docker";
}

/** The GPUs and their driver, by `nvidia-smi`; nothing where it fails or takes too long. */
export async function describeGpus(program: string, env: Record<string, string>): Promise<JsonObject> {
  try {
    const { success, stdout } = await new Deno.Command(program, {
      args: ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"],
      env,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(GPU_TIMEOUT_MS),
    }).output();
    if (!success) return {};
    const rows = new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.split(", "));
    const gpus = rows.filter((row) => row.length === 3).map(([name]) => name);
    return gpus.length === 0 ? {} : { gpus, gpuMemoryMib: Number(rows[0][1]), driver: rows[0][2] };
  } catch {
    return {};
  }
}
