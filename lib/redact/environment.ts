import { UsageError } from "../base/errors.ts";
import { glob } from "../base/glob.ts";
import type { Redactor } from "./redactor.ts";
import { looksRandom } from "./rules/secret_values.ts";

/** Which environment variables are kept: none, all, or those that a list of names allows; each without secrets. */
export type EnvironmentChoice = "none" | "all" | { readonly allow: readonly string[] };

/** In a list of names: those that are kept by default. */
const DEFAULT = "default";

/**
 * Variables that describe the machine, the job and the libraries, which influence the result. `*` stands for any
 * letters.
 */
export const USEFUL_NAMES: readonly string[] = (
  "HOSTNAME USER PATH LANG LC_* TZ SHELL VIRTUAL_ENV CONDA_* MAMBA_* UV_PYTHON PYTHON* PYENV_VERSION LD_LIBRARY_PATH LD_PRELOAD " +
  "CUDA_* CUDNN_* CUBLAS_* NVIDIA_* NCCL_* NVTE_* ROCM_* ROCR_* HIP_* HSA_* MIOPEN_* RCCL_* TPU_* XLA_* XRT_* JAX_* NEURON_* " +
  "HABANA_* GPU_* OMP_* MKL_* OPENBLAS_* BLIS_* KMP_* GOMP_* VECLIB_* NUMEXPR_* NUMBA_* DNNL_* ONEDNN_* MALLOC_* TBB_* TORCH* " +
  "PYTORCH_* TRITON_* TF_* KERAS_* FLAX_* LIGHTNING_* PL_* ACCELERATE_* DEEPSPEED_* FSDP_* VLLM_* TRANSFORMERS_* TOKENIZERS_* " +
  "HF_HOME HF_HUB_* HF_DATASETS_* BITSANDBYTES_* RAY_* DASK_* GLOO_* UCX_* UCC_* FI_* IBV_* OMPI_* OPAL_* MPI_* MPICH_* I_MPI_* " +
  "PMI_* PMIX_* MASTER_ADDR MASTER_PORT WORLD_SIZE RANK LOCAL_RANK NODE_RANK GROUP_RANK ROLE_RANK LOCAL_WORLD_SIZE SLURM_* SLURMD_* " +
  "SBATCH_* PBS_* LSB_* LSF_* SGE_* JOB_ID JOB_NAME COBALT_* FLUX_* CONDOR_* OAR_* TMPDIR JULIA_* R_LIBS* R_HOME " +
  "WANDB_PROJECT WANDB_ENTITY WANDB_MODE WANDB_RUN_ID WANDB_NAME MLFLOW_TRACKING_URI MLFLOW_EXPERIMENT_* DBX_EXP DBX_RUN " +
  "DBX_REPO DBX_RESUME CI GITHUB_SHA GITHUB_REF GITHUB_RUN_ID GITHUB_REPOSITORY GITHUB_WORKFLOW CI_JOB_ID CI_PIPELINE_ID CI_COMMIT_SHA"
).split(" ");

/**
 * What `--env` says: `none`, `all`, or `allow:` and names with commas between them, in which `*` stands for any letters and
 * `default` for those that are kept without the option.
 *
 * @throws {UsageError} For anything else.
 */
export function environmentChoice(text: string | undefined): EnvironmentChoice {
  if (text === undefined) return { allow: [DEFAULT] };
  if (text === "none" || text === "all") return text;
  const names = text.startsWith("allow:") ? text.slice("allow:".length).split(",").filter((name) => name !== "") : [];
  if (names.length > 0 && names.every((name) => /^[\w*]+$/.test(name))) return { allow: names };
  throw new UsageError(
    `Cannot use --env "${text}": expected none, all, or allow:NAMES, as in allow:default,MY_SETTING,DATA_*`,
  );
}

/** The variables that are kept, each without what looks like a secret; undefined for `none`. */
export function keptEnvironment(
  env: Readonly<Record<string, string>>,
  choice: EnvironmentChoice,
  redactor: Redactor,
): Record<string, string> | undefined {
  if (choice === "none") return undefined;
  const patterns = choice === "all"
    ? undefined
    : choice.allow.flatMap((name) => name === DEFAULT ? USEFUL_NAMES : [name]).map(glob);
  const kept = Object.entries(env).filter(([name]) => patterns === undefined || patterns.some((fits) => fits(name)));
  return Object.fromEntries(kept.map(([name, value]) => {
    const redacted = redactor.value(name, value);
    return [name, redacted === value && isBlob(value) ? redactor.mark("random") : redacted];
  }));
}

/** A variable that is nothing but many random letters and digits of both cases is a key, whatever its name. */
function isBlob(value: string): boolean {
  return /^[A-Za-z0-9+/_-]{32,}={0,2}$/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value) &&
    looksRandom(value);
}
