import { setTime } from "../../lib/fs/set_time.ts";
import { assertEquals, assertThrows } from "../assert.ts";

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

Deno.test("setTime: times before 1970", async () => {
  const path = await Deno.makeTempFile();
  using file = await Deno.open(path, { write: true });
  for (const time of [-1, -1000, -1500, -86_400_000.5]) {
    setTime(file, time);
    // The file system keeps times that are before 1970, whole or not.
    assertEquals(file.statSync().mtime?.getTime(), Math.trunc(time));
  }
  await Deno.remove(path);
});
