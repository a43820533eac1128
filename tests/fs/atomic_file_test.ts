import { createFile, replaceFile } from "../../lib/fs/files/atomic_file.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { FaultFolder } from "./fault_folder.ts";

/** What a folder logged, without the random ends of temporary names. */
const logOf = ({ log }: FaultFolder) => log.map((line) => line.replace(/(\.tmp-)[0-9a-z]{13}$/, "$1"));

Deno.test("replaceFile, createFile: the bytes are on the disk before the name, and then the name", async () => {
  await using folder = await scratch();
  const replaced = new FaultFolder(folder.path);
  replaceFile(replaced, "a", "old");
  assertEquals(logOf(replaced), ["sync .tmp-", "rename a", "sync /"]);
  replaceFile(replaced, "a", "new", { mode: 0o600 });
  assertEquals(await Deno.readTextFile(`${folder.path}/a`), "new");
  const created = new FaultFolder(folder.path);
  createFile(created, "b", new TextEncoder().encode("b"));
  assertEquals(logOf(created), ["sync .tmp-", "place b", "sync /"]);
  const derived = new FaultFolder(folder.path);
  replaceFile(derived, "c", "can be made again", { durable: false });
  assertEquals(logOf(derived), ["rename c"]);
});

Deno.test("replaceFile, createFile: what fails changes nothing and leaves nothing", async () => {
  await using scratched = await scratch();
  const folder = new FaultFolder(scratched.path);
  replaceFile(folder, "a", "old");
  assertThrows(() => createFile(folder, "a", "other"), Deno.errors.AlreadyExists);
  folder.faults.flush = () => true;
  assertThrows(() => replaceFile(folder, "a", "new"), Error, "os error 5");
  assertThrows(() => createFile(folder, "b", "new"), Error, "os error 5");
  assertEquals(await Deno.readTextFile(`${scratched.path}/a`), "old");
  assertEquals(Array.from(Deno.readDirSync(scratched.path), ({ name }) => name), ["a"]);
});
