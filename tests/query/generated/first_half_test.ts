import { checkGenerated } from "./check.ts";

// Two files, so that they run at the same time.
Deno.test("random queries of every shape, over columns and by SQLite, as plain tables answer them: first half [slow]", async () => {
  await checkGenerated(0, 2);
});
