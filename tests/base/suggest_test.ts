import { didYouMean, nearest } from "../../lib/base/suggest.ts";
import { assertEquals } from "../assert.ts";

Deno.test("nearest: the likely name, or none", { permissions: "none" }, () => {
  const names = ["val_loss", "train_loss", "acc", "status"];
  assertEquals(nearest("val_los", names), "val_loss");
  assertEquals(nearest("VAL_LOSS", names), "val_loss");
  assertEquals(nearest("satus", names), "status");
  assertEquals(nearest("stauts", names), "status");
  assertEquals(nearest("shwo", ["show", "ls"]), "show");
  assertEquals(nearest("lo", ["lr", "loss_val", "loss", "lossy"]), "loss");
  assertEquals(nearest("l", ["lrs", "loss"]), undefined);
  assertEquals(nearest("completely-else", names), undefined);
  assertEquals(nearest("x", []), undefined);
});

Deno.test("didYouMean: a clause for a message", { permissions: "none" }, () => {
  assertEquals(didYouMean("sho", ["show", "ls"]), '; did you mean "show"?');
  assertEquals(didYouMean("zzzz", ["show", "ls"]), "");
});
