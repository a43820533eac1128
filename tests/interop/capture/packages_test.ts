// What real packages log under `dbx run`, value by value: with their own offline mode, without a network.
import { testWithPackages } from "../python_packages.ts";
import { SMALL, WANDB } from "./cases.ts";
import { checkCase } from "./check_case.ts";

for (const one of SMALL) {
  testWithPackages(
    `capture of ${one.name}: every value is in the run, once [slow]`,
    (python) => checkCase(one, python),
  );
}

testWithPackages(
  "the shim of wandb stands before the package that is installed [slow]",
  (python) => checkCase(WANDB, python, ["--shim", "wandb"]),
);
