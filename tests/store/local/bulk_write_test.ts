import { LocalStore } from "../../../lib/store/local/local_store.ts";
import type { FileChunk } from "../../../lib/store/store.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const META = "a/0000000000exp/meta.json";

async function* chunksOf(text: string): AsyncGenerator<FileChunk[]> {
  await Promise.resolve();
  const bytes = new TextEncoder().encode(text);
  yield [{ name: META, offset: 0, bytes, end: true, size: bytes.length }];
}

Deno.test("writeMany: a file that is there stays, and one of its name with other bytes is told of", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await store.create(META, new TextEncoder().encode("mine"));
  assertEquals((await store.writeMany(chunksOf("mine"))).setbacks, []);
  const { files, setbacks } = await store.writeMany(chunksOf("theirs"));
  assertEquals([files, setbacks.map(({ name, kind }) => [name, kind])], [0, [[META, "diverged"]]]);
  assertEquals(await Deno.readTextFile(`${folder.path}/${META}`), "mine");
});
