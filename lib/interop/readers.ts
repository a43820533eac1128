import type { ForeignReader } from "./foreign.ts";
import type { Kind } from "./kinds.ts";

/** Every reader by its kind. Each is loaded when it is needed. */
export const READERS: Readonly<Record<Kind, () => Promise<ForeignReader>>> = {
  wandb: async () => (await import("./wandb/reader.ts")).reader,
  tensorboard: async () => (await import("./tensorboard/reader.ts")).reader,
};
