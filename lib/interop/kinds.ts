/** The kinds of sources, in the order in which a path is looked at for them. */
export const KINDS = [
  "tensorboard",
  "mlflow",
  "trackio",
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
