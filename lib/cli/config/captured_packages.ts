import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";

/** The packages whose logging `dbx run` records, as `--capture` calls them. */
export const CAPTURED_PACKAGES: readonly string[] = [
  "wandb",
  "mlflow",
  "tensorboard",
  "trackio",
  "swanlab",
  "neptune",
  "comet_ml",
  "aim",
  "lightning",
];

/** The packages in whose place `dbx run` can put one that only logs into the run. */
export const SHIMS = ["wandb", "trackio", "neptune"] as const;

/**
 * Checks a value of `--capture`.
 *
 * @throws {UsageError} For a name that is not one of the packages.
 */
export function checkCapture(capture: string): void {
  if (capture === "auto" || capture === "none") return;
  for (const name of capture.split(",")) {
    if (CAPTURED_PACKAGES.includes(name)) continue;
    throw new UsageError(
      `Cannot capture "${name}": it must be auto, none, or some of ${CAPTURED_PACKAGES.join(", ")}${
        didYouMean(name, CAPTURED_PACKAGES)
      }`,
    );
  }
}

/**
 * Checks the name of a shim.
 *
 * @throws {UsageError} For another name.
 */
export function checkShim(name: string): void {
  if ((SHIMS as readonly string[]).includes(name)) return;
  throw new UsageError(
    `Cannot use "${name}" as a shim: it must be one of ${SHIMS.join(", ")}${didYouMean(name, SHIMS)}`,
  );
}
