// What real packages log under `dbx run`, value by value: with their own offline mode, without a network.
import { PACKAGES_PYTHON } from "../python_packages.ts";
import { SMALL, WANDB } from "./cases.ts";
import { checkCase } from "./check_case.ts";

for (const one of SMALL) {
  Deno.test({
    name: `capture of ${one.name}: every value is in the run, once [slow]`,
    ignore: PACKAGES_PYTHON === undefined,
    fn: () => checkCase(one, PACKAGES_PYTHON!),
  });
}

Deno.test({
  name: "the shim of wandb stands before the package that is installed [slow]",
  ignore: PACKAGES_PYTHON === undefined,
  fn: () => checkCase(WANDB, PACKAGES_PYTHON!, ["--shim", "wandb"]),
});
