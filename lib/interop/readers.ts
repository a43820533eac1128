import type { ForeignReader } from "./foreign.ts";
import type { Kind } from "./kinds.ts";

/** Every reader by its kind. Each is loaded when it is needed. */
export const READERS: Readonly<Record<Kind, () => Promise<ForeignReader>>> = {
  wandb: async () => (await import("./wandb/reader.ts")).reader,
  mlflow: async () => (await import("./mlflow/reader.ts")).reader,
  trackio: async () => (await import("./trackio/reader.ts")).reader,
  swanlab: async () => (await import("./swanlab/reader.ts")).reader,
  aim: async () => (await import("./aim/reader.ts")).reader,
  neptune: async () => (await import("./neptune/reader.ts")).reader,
  lightning: async () => (await import("./lightning/reader.ts")).reader,
  keras: async () => (await import("./keras/reader.ts")).reader,
  dvclive: async () => (await import("./dvclive/reader.ts")).reader,
  sacred: async () => (await import("./sacred/reader.ts")).reader,
  dbxlogger: async () => (await import("./dbxlogger/reader.ts")).reader,
  csv: async () => (await import("./csv/reader.ts")).reader,
  jsonl: async () => (await import("./jsonl/reader.ts")).reader,
  tensorboard: async () => (await import("./tensorboard/reader.ts")).reader,
};
