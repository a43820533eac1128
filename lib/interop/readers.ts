import type { ForeignReader } from "./foreign.ts";

/** Every reader by its kind, in the order in which they are asked what a path is. Each is loaded when it is needed. */
export const READERS: Readonly<Record<string, () => Promise<ForeignReader>>> = {};
