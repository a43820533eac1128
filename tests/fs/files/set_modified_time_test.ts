import { setTime } from "../../../lib/fs/files/set_modified_time.ts";
import { assertThrows } from "../../assert.ts";

Deno.test("setTime: a file keeps its own time where the system does not take that one, or it is another user's", () => {
  const refusing = (message: string) => ({
    utimeSync() {
      throw new TypeError(message);
    },
  });
  setTime(refusing("Invalid argument (os error 22)"), -1500);
  setTime(refusing("Operation not permitted (os error 1)"), 5);
  assertThrows(() => setTime(refusing("Input/output error (os error 5)"), 5));
});
