// The shims where the packages are not installed: the same scripts, the same series.
import { NEPTUNE, TRACKIO, WANDB } from "./cases.ts";
import { checkCase } from "./check_case.ts";

for (const one of [WANDB, TRACKIO, NEPTUNE]) {
  Deno.test(`shim of ${one.name}: the script runs without the package [slow]`, async () => {
    await checkCase(one, "python3", ["--shim", one.name]);
  });
}
