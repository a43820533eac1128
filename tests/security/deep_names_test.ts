// A name of many segments costs the cube of their number, to make and to go through: a small request could keep a server busy.
import { checkExperimentName } from "../../lib/format/layout/names.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { initRepository, openReader } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { bodyWith, take } from "../sync/take_body.ts";

const ID = "0000000000exp";
const META = `{"id":"${ID}","kind":"k","name":"","params":{},"createdAt":"2026-01-01T09:00:00.000Z"}\n`;

/** The definition of an experiment so deep that its name has so many segments. */
function deep(segments: number): string {
  return `${"a/".repeat(segments - 2)}${ID}/meta.json`;
}

Deno.test("deep names: a body with one of more than 64 segments is refused before a folder is made [S22, S32]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await initRepository(folder.path);
  for (const segments of [65, 400, 1035]) {
    assertEquals((await take(store, bodyWith([{ name: deep(segments), text: META }]))).status, 400);
  }
  assertEquals(store.listNow("a"), []);
  const taken = await take(store, bodyWith([{ name: deep(64), text: META }]));
  assertEquals([taken.status, taken.taken], [200, [META.length]]);
});

Deno.test("deep names: what is deeper on the disk is not listed, and a check names its folder [S19]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await initRepository(folder.path);
  const top = "b/".repeat(63) + "b";
  await Deno.mkdir(`${folder.path}/${top}/${ID}`, { recursive: true });
  await Deno.writeTextFile(`${folder.path}/${top}/${ID}/meta.json`, META);
  const names = (await Array.fromAsync(store.listFiles())).flat().map(({ name }) => name);
  assertEquals(names, ["dbx.json"]);
  const problems = await Array.fromAsync(checkRepository(await openReader(store)));
  assertEquals(problems.map(({ kind, path }) => [kind, path]), [["bad-name", top]]);
});

Deno.test("deep names: a writer refuses the name of an experiment of more than 32 segments [F8]", () => {
  checkExperimentName("a/".repeat(31) + "a");
  const error = assertThrows(() => checkExperimentName("a/".repeat(32) + "a"));
  assert(String(error).includes("more than 32 parts"));
});
