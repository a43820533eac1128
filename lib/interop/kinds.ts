/** The kinds of sources, in the order in which a path is looked at for them. */
export const KINDS = [
  "wandb",
  "tensorboard",
  "mlflow",
  "trackio",
  "swanlab",
  "aim",
  "neptune",
  "lightning",
  "keras",
  "dvclive",
  "sacred",
  "dbxlogger",
  "csv",
  "jsonl",
] as const;

/** A kind of source. */
export type Kind = typeof KINDS[number];
