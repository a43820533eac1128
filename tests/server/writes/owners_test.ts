import { newId } from "../../../lib/base/ids.ts";
import { RootFolder } from "../../../lib/fs/folders/root_folder.ts";
import { Owners, OWNERS_FILE } from "../../../lib/server/writes/owners.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

Deno.test("Owners: the first one counts, in every process and after a restart; what was cut off is nobody's", async () => {
  await using folder = await scratch();
  const root = new RootFolder(folder.path);
  const [alice, bob, exp, run] = [newId(), newId(), newId(), newId()];
  using first = new Owners(root);
  using second = new Owners(root);
  assertEquals(first.of({ id: exp }), undefined);
  assertEquals(first.claim({ id: exp }, alice), alice);
  assertEquals(second.claim({ id: exp }, bob), alice);
  // The same id in two folders has an owner in each.
  const other = newId();
  assertEquals(second.claim({ id: run, folder: exp }, bob), bob);
  assertEquals(first.claim({ id: run, folder: other }, alice), alice);
  assertEquals([exp, other].map((folder) => second.of({ id: run, folder })), [bob, alice]);
  assertEquals([first.of({ id: run }), first.anyOf(run)], [undefined, bob]);
  await first.sync();
  // A line that a crash cut off.
  const path = `${folder.path}/${OWNERS_FILE}`;
  const torn = newId();
  for (const text of [torn, `${torn} ${bob.slice(0, 5)}`, `${torn} ${bob} ${exp.slice(0, 3)}`]) {
    await Deno.writeTextFile(path, text, { append: true });
    const made = newId();
    using after = new Owners(root);
    assertEquals(after.of({ id: torn }), undefined);
    assertEquals(after.claim({ id: made }, alice), alice);
    assertEquals([first.of({ id: made }), first.of({ id: torn }), first.of({ id: exp })], [alice, undefined, alice]);
  }
  using again = new Owners(root);
  assertEquals([again.of({ id: exp }), again.of({ id: run, folder: exp }), again.of({ id: torn })], [
    alice,
    bob,
    undefined,
  ]);
  // A file that is gone says nothing, and is made again.
  await Deno.remove(path);
  assertEquals(first.of({ id: newId() }), undefined);
  assertEquals(first.claim({ id: exp }, bob), bob);
});
