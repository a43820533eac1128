/** What reads logs into an index. It is loaded where there is something to read: mostly there is not. */
export { LogShredding } from "./log_shredding.ts";
export { mergePacks } from "./merge_packs.ts";
export { PackBuilder } from "./pack_builder.ts";
export { shredToFiles } from "./shred_job.ts";
export { shredInParallel, threadsFor } from "./shred_parallel.ts";
