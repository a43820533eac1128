import { wireExample, withExample } from "../../scripts/spec/wire_example.ts";
import { assertEquals } from "../assert.ts";

Deno.test("SYNC.md: the synchronisation with which it begins is what dbx sends, byte by byte", async () => {
  const page = await Deno.readTextFile(new URL("../../lib/sync/SYNC.md", import.meta.url));
  const blocks = await wireExample();
  // Where this differs on purpose: deno run -A scripts/write_sync_example.ts
  assertEquals(page.match(/^```text wire\n[\s\S]*?^```$/gm), blocks);
  assertEquals(withExample(page, blocks), page);
});
