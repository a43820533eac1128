import { wireExample, withExample } from "../../scripts/spec/wire_example.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { bodyOf, decodeParts, frame } from "../../lib/protocol/frames.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const page = await Deno.readTextFile(new URL("../../lib/docs/SYNC.md", import.meta.url));

Deno.test("SYNC.md: the synchronisation with which it begins is what dbx sends, byte by byte [S10]", async () => {
  const blocks = await wireExample();
  // Where this differs on purpose: deno run -A scripts/write_sync_example.ts
  assertEquals(page.match(/^```text wire\n[\s\S]*?^```$/gm), blocks);
  assertEquals(withExample(page, blocks), page);
});

Deno.test("SYNC.md: the compressed frame becomes the lines of which it speaks", async () => {
  const [, line, hex] = /^Eight lines `([^`]+)`[^]*?```hex\n(\w+)\n```$/m.exec(page)!;
  const frame = Uint8Array.fromHex(hex);
  const [[{ bytes }]] = await Array.fromAsync(decodeParts(ReadableStream.from([bodyOf([frame])]), { who: "the page" }));
  assertEquals(new TextDecoder().decode(bytes), `${line}\n`.repeat(8));
});

Deno.test("SYNC.md: an object in two bodies", async () => {
  await using folder = await scratch();
  const routes = storeRoutes(new LocalStore(folder.path));
  const ask = (route: string, body: BodyInit) =>
    routes(new Request(`http://h/api/v1/sync/${route}`, { method: "POST", body, headers: { "dbx-protocol": "1" } }));
  const [, block] = /^```text two bodies\n([^]*?)```$/m.exec(page)!;
  let answer = "";
  for (const line of block.trim().split("\n")) {
    const text = line.slice(2);
    if (line.startsWith("<")) assertEquals(text, answer);
    else if (line.startsWith("=")) assert((await (await ask("inventory", "{}")).text()).split("\n").includes(text));
    else {
      const [, head, count] = /^(\{.*\}) and (\d+) bytes$/.exec(text)!;
      answer = await (await ask("take", bodyOf([frame(head, new Uint8Array(Number(count)))]))).text();
    }
  }
});
