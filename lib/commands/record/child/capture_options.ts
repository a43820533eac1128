import { UsageError } from "../../../base/errors.ts";
import type { OptionSpec } from "../../../cli/command.ts";
import { CAPTURED_PACKAGES, checkCapture, SHIMS } from "../../../cli/config/captured_packages.ts";

/** The options of `dbx run` about what Python packages log. */
export const CAPTURE_OPTIONS = [
  {
    name: "capture",
    kind: "text",
    value: "auto|none|NAMES",
    help: `record what the script logs with these packages: ${CAPTURED_PACKAGES.join(",")}`,
    default: "auto: all of them",
  },
  {
    name: "shim",
    kind: "list",
    value: "NAME",
    help: "instead of this package, installed or not, use one that only logs into the run",
    choices: SHIMS,
  },
] as const satisfies readonly OptionSpec[];

/**
 * What is said to Python's start-up file: `DBX_CAPTURE` and `DBX_SHIM`.
 *
 * @throws {UsageError} For a name that is not one of the packages, and where the start-up file is switched off.
 */
export function captureVariables(
  { capture = "auto", shim, follow, "python-hook": hasHook }: {
    readonly capture?: string;
    readonly follow: readonly string[];
    readonly shim: readonly string[];
    readonly "python-hook": boolean;
  },
): Readonly<Record<string, string>> {
  checkCapture(capture);
  // What is followed is not recorded a second time, unless it is asked for.
  const others = CAPTURED_PACKAGES.filter((name) => name !== "wandb" && name !== "tensorboard");
  const chosen = follow.length > 0 && capture === "auto" ? others.join(",") : capture;
  if (hasHook) return { DBX_CAPTURE: chosen, DBX_SHIM: shim.join(",") };
  const option = shim.length > 0 ? "--shim" : capture === "auto" || capture === "none" ? undefined : "--capture";
  if (option === undefined) return {};
  throw new UsageError(
    `Cannot use ${option} with --no-python-hook, which switches off the start-up file that it needs`,
  );
}
