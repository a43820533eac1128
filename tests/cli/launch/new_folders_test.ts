import { makeFolders, removeEmptyFolders } from "../../../lib/cli/launch/new_folders.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

Deno.test("makeFolders: makes what is missing, from the top down, and takes back what stayed empty", async () => {
  await using folder = await scratch();
  const { path } = folder;
  const made = makeFolders([`${path}/a/b/c`, `${path}/a/d`, path]);
  assertEquals(made, [`${path}/a`, `${path}/a/b`, `${path}/a/b/c`, `${path}/a/d`]);
  assertEquals(makeFolders([`${path}/a/d`]), []);
  await Deno.writeTextFile(`${path}/a/d/file`, "kept");
  removeEmptyFolders(made);
  assertEquals(Array.from(Deno.readDirSync(`${path}/a`), ({ name }) => name), ["d"]);
});

Deno.test("makeFolders: what cannot be made is left to the command", async () => {
  await using folder = await scratch();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  assertEquals(makeFolders([`${folder.path}/file/below`, `${folder.path}/other`]), [`${folder.path}/other`]);
});
