/** What reads logs into an index. It is loaded where there is something to read: mostly there is not. */
export { LogShredding } from "./log_shredding.ts";
export { mergePacks } from "./merge_packs.ts";
export { PackBuilder } from "./pack_builder.ts";
export { sendable } from "./shred_job.ts";
export { ShredPool } from "./shred_pool.ts";
