import { UsageError } from "../../../lib/base/errors.ts";
import { checkEventName, MAX_EVENT_NAME_LENGTH } from "../../../lib/format/events/event_name.ts";
import { assertThrows } from "../../assert.ts";

Deno.test({
  name: "checkEventName refuses empty, long and controlling names [F32]",
  permissions: "none",
  fn() {
    for (const name of ["a", "train/epoch/3", "日本 🚀", "x".repeat(MAX_EVENT_NAME_LENGTH), " ", "/"]) {
      checkEventName(name);
    }
    const bad = ["", "x".repeat(MAX_EVENT_NAME_LENGTH + 1), "a\tb", "\0", "\x7f", "\u0085", 3 as unknown as string];
    for (const name of bad) assertThrows(() => checkEventName(name), UsageError, "Cannot name an event");
  },
});
