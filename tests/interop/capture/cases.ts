// What scripts log with a package, and what must be in the run.

/** A series: its key, its steps, its values. */
export type Series = readonly [key: string, steps: readonly number[], values: readonly unknown[]];

/** One package. */
export interface Case {
  readonly name: string;
  /** All series of the log with the name of the package. */
  readonly series: readonly Series[];
  readonly params: unknown;
  readonly tags?: readonly string[];
  readonly files?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints on stdout, with and without dbx. */
  readonly prints?: readonly string[];
}

const LOSS = [1, 0.5, 1 / 3];
const STEPS = [0, 1, 2];

const NET = { lr: 0.1, net: { layers: 2 } };

/** wandb, also as the shim. */
export const WANDB: Case = {
  name: "wandb",
  series: [
    ["log:best", [0], [0.9]],
    ["log:epoch", [7], [7]],
    ["log:gap", STEPS, [NaN, NaN, NaN]],
    ["log:late", [20], [2.5]],
    ["log:other", [20], [2]],
    ["log:part", [20], [1]],
    ["log:train.acc", STEPS, [0, 0.25, 0.5]],
    ["log:train/loss", STEPS, LOSS],
    ["log:val/acc", [7], [0.5]],
  ],
  params: { ...NET, batch: 32, seed: 1 },
  tags: ["baseline", "cpu", "done"],
  files: ["artifacts/model/model.bin", "media/table_21.table.json"],
  env: { WANDB_MODE: "offline", WANDB_SILENT: "true" },
  prints: [
    "TypeError: wandb.log must be passed a dictionary",
    "TypeError: Key values passed to `wandb.log` must be strings.",
    "first ['batch', 'lr', 'net', 'seed'] 0.1 1",
    "Error: You must call wandb.init() before wandb.",
  ],
};

/** Trackio, also as the shim. */
export const TRACKIO: Case = {
  name: "trackio",
  series: [
    ["log:gap", STEPS, [NaN, NaN, NaN]],
    ["log:late", [20], [2.5]],
    ["log:train/loss", STEPS, LOSS],
  ],
  params: NET,
};

/** neptune, also as the shim. */
export const NEPTUNE: Case = {
  name: "neptune",
  series: [["log:train/acc", [5, 6], [0.25, 0.5]], ["log:train/loss", STEPS, LOSS]],
  params: { parameters: { ...NET, seed: 1 } },
  tags: ["baseline", "cpu"],
  files: ["about.txt", "model.bin"],
};

/** The packages that are small enough for every machine. */
export const SMALL: readonly Case[] = [
  WANDB,
  TRACKIO,
  NEPTUNE,
  {
    name: "mlflow",
    series: [
      ["log/inner:train/loss", [0], [7]],
      ["log:acc", STEPS, [0, 0.25, 0.5]],
      ["log:gap", STEPS, [NaN, NaN, NaN]],
      ["log:later", [3], [1.5]],
      ["log:train/loss", STEPS, LOSS],
    ],
    params: { lr: 0.1, layers: 2, name: "net" },
    files: ["about.txt", "best/model.bin"],
    env: { MLFLOW_ALLOW_FILE_STORE: "true", MLFLOW_TRACKING_URI: "./mlruns" },
    prints: ["MlflowException", "0.5"],
  },
  {
    name: "tensorboard",
    series: [
      ["log/train:_step", [0], [4]],
      ["log/train:both.a", [0], [1]],
      ["log/train:both.b", [0], [2]],
      ["log/train:gap", [0], [NaN]],
      ["log/train:hp/acc", [0], [0.9]],
      ["log/train:loss", STEPS, LOSS],
      ["log/train:small", [5], [Math.fround(0.1)]],
      ["log/val:loss", STEPS, [2, 1, 2 / 3]],
    ],
    params: { lr: 0.1, layers: 2 },
    files: ["media/picture_2.png"],
  },
  {
    name: "swanlab",
    series: [
      ["log:late", [20], [2.5]],
      ["log:train.acc", STEPS, [0, 0.25, 0.5]],
      ["log:train/loss", STEPS, LOSS],
    ],
    params: { ...NET, seed: 1 },
    tags: ["baseline"],
  },
  {
    name: "comet_ml",
    series: [
      ["log:a", [3], [1]],
      ["log:b", [3], [2]],
      ["log:epoch", STEPS, [1, 1, 1]],
      ["log:train/loss", STEPS, LOSS],
      ["log:validate_acc", [4], [0.5]],
    ],
    params: NET,
    tags: ["baseline", "cpu"],
    files: ["model.bin"],
    env: { COMET_LOGGING_CONSOLE: "CRITICAL" },
  },
  {
    name: "aim",
    series: [
      ["log/subset=val:train/loss", STEPS, [2, 1, 2 / 3]],
      ["log:a", [3], [1]],
      ["log:b", [3], [2]],
      ["log:train/loss", STEPS, LOSS],
    ],
    params: { hparams: NET },
    tags: ["baseline"],
  },
];
