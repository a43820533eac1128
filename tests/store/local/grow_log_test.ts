import { RootFolder } from "../../../lib/fs/folders/root_folder.ts";
import { growLog } from "../../../lib/store/local/logs/grow_log.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const FIRST = `{"event":"first"}\n`, SECOND = `{"event":"second"}\n`;

/** Extends a log that ends with a torn line, which was to be another one. */
async function grow(offset: number | undefined, bytes: string) {
  await using folder = await scratch();
  const path = `${folder.path}/log.jsonl`;
  await Deno.writeTextFile(path, FIRST + `{"event":"torn`);
  using file = await Deno.open(path, { read: true, append: true });
  const growth = growLog(file, {
    name: "log.jsonl",
    offset,
    bytes: encode(bytes),
    root: new RootFolder(folder.path),
  });
  return { kind: growth.kind, text: await Deno.readTextFile(path) };
}

Deno.test("growLog: a torn tail gives way to a whole line, wherever it was sent for", async () => {
  assertEquals(await grow(FIRST.length, SECOND), { kind: "grown", text: FIRST + SECOND });
  assertEquals(await grow(0, FIRST + SECOND), { kind: "grown", text: FIRST + SECOND });
  assertEquals(await grow(undefined, SECOND), { kind: "grown", text: FIRST + SECOND });
});

Deno.test("growLog: a torn tail stays until a whole line comes for its place", async () => {
  const torn = FIRST + `{"event":"torn`;
  assertEquals(await grow(FIRST.length, `{"event":"sec`), { kind: "torn", text: torn });
  assertEquals(await grow(FIRST.length, `{"event":"torn"`), { kind: "grown", text: `${torn}"` });
  assertEquals(await grow(FIRST.length + 100, SECOND), { kind: "gap", text: torn });
  assertEquals(await grow(0, SECOND + FIRST), { kind: "diverged", text: torn });
});
