import { lockOf } from "../../../scripts/compile/lock.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const lock = {
  version: "5",
  specifiers: { "npm:a@1.0.0": "1.0.0", "npm:big@2.0.0": "2.0.0" },
  npm: {
    "a@1.0.0": { integrity: "sha512-a", dependencies: ["b", "c@3.0.0"] },
    "b@2.0.0": { integrity: "sha512-b", optionalDependencies: ["a"] },
    "c@3.0.0": { integrity: "sha512-c" },
    "c@4.0.0": { integrity: "sha512-d" },
    "big@2.0.0": { integrity: "sha512-big" },
  },
};

Deno.test(
  "lockOf: keeps the packages that are named, what they need, and nothing else",
  { permissions: "none" },
  () => {
    const { npm, specifiers } = lockOf(lock, ["a@1.0.0"]);
    assertEquals(Object.keys(npm!), ["a@1.0.0", "b@2.0.0", "c@3.0.0"]);
    assertEquals(npm!["a@1.0.0"], lock.npm["a@1.0.0"]);
    assertEquals(specifiers, { "npm:a@1.0.0": "1.0.0" });
  },
);

Deno.test("lockOf: a package that is not in the lock is refused", { permissions: "none" }, () => {
  assertThrows(() => lockOf(lock, ["other@1.0.0"]), Error, 'Cannot compile: "other@1.0.0" is not in the lock');
});
