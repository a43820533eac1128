import { createHash } from "node:crypto";
import { RunningHash } from "../../../lib/logger/log/running_hash.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("RunningHash: pieces of any size, asked for at any moment, hash as one", () => {
  for (
    const sizes of [[10, 40_000, 5], [40_000, 10, 30_000, 30_000], [0, 65_536, 1], [32_768, 32_768, 1], [200_000, 3]]
  ) {
    const running = new RunningHash();
    const whole = createHash("sha256");
    for (const size of sizes) {
      const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)));
      running.update(bytes);
      whole.update(bytes);
      assertEquals(running.digest(), whole.copy().digest("hex"), String(sizes));
      assertEquals(running.digest(bytes), whole.copy().update(bytes).digest("hex"), String(sizes));
    }
    const small = new RunningHash();
    const all = createHash("sha256");
    for (const size of sizes) {
      const bytes = new Uint8Array(size).fill(size % 251);
      small.update(bytes);
      all.update(bytes);
    }
    assertEquals(small.digest(), all.digest("hex"), String(sizes));
  }
});
