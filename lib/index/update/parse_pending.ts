/** What reads logs into an index. It is loaded where there is something to read: mostly there is not. */
export { LogParsing } from "../parse/parse_logs.ts";
export { mergePacks } from "./merge_packs.ts";
export { PackBuilder } from "../pack/pack_builder.ts";
export { sendable } from "../parse/parse_job.ts";
export { ParsePool } from "../parse/parse_pool.ts";
