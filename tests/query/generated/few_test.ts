import { checkGenerated } from "./check.ts";

// One of the repositories that the two halves beside it ask much more.
Deno.test("random queries of every shape, over columns and by SQLite, as plain tables answer them: a few", async () => {
  await checkGenerated(0, 8);
});
