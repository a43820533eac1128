import { FileWatch } from "../../../../lib/commands/record/files/file_watch.ts";
import { placeOfFolder } from "../../../../lib/commands/record/files/kept_place.ts";
import { assertEquals } from "../../../assert.ts";
import { scratch } from "../../../e2e/dbx.ts";

/** Waits until something holds that another thread of the system brings about. */
async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

Deno.test("FileWatch: a file is whole when it is closed, however long its writer paused; it is named once for each state", async () => {
  await using folder = await scratch();
  let now = 0;
  const place = placeOfFolder(folder.path);
  using watch = new FileWatch([place], () => now);
  const names = (all = false) => watch.look(all).map(({ path }) => place.nameOf(path));
  assertEquals(names(), []);
  const file = await Deno.open(`${folder.path}/a`, { create: true, write: true });
  await file.write(new Uint8Array(10));
  assertEquals(names(), []);
  if (Deno.build.os === "linux") {
    // The system has said by then that it is being written.
    await new Promise((resolve) => setTimeout(resolve, 300));
    now += 100_000;
    assertEquals(names(), []);
  }
  assertEquals(names(true), ["a"]);
  file.close();
  await until(() => (now += 100_000, names().length > 0 && !watch.look()[0].isFresh));
  const [whole] = watch.look();
  watch.keep(whole);
  assertEquals(names(true), []);
  // Renamed into place, as programs do that write whole files.
  await Deno.writeTextFile(`${folder.path}/b.tmp`, "b");
  await Deno.rename(`${folder.path}/b.tmp`, `${folder.path}/b`);
  await until(() => (now += 100_000, names().join() === "b" && !watch.look()[0].isFresh));
  watch.keep(watch.look()[0]);
  await Deno.writeTextFile(`${folder.path}/a`, "other contents");
  await until(() => (now += 100_000, names().join() === "a"));
});

Deno.test("FileWatch: a file that is written twice within a tick of the clock is named twice", async () => {
  await using folder = await scratch();
  using watch = new FileWatch([placeOfFolder(folder.path)]);
  const path = `${folder.path}/a`;
  const write = async (text: string, time: Date) => {
    await Deno.writeTextFile(path, text);
    await Deno.utime(path, time, time);
  };
  const now = new Date(Date.now() + 5);
  await write("1", now);
  const [fresh] = watch.look(true);
  watch.keep({ ...fresh, isFresh: true });
  await write("2", now);
  assertEquals(watch.look(true).length, 1);
  await until(() => !watch.look(true)[0].isFresh);
  watch.keep(watch.look(true)[0]);
  assertEquals(watch.look(true), []);
});

Deno.test("FileWatch: what is there and old is left out, links are not followed", async () => {
  await using folder = await scratch();
  await Deno.mkdir(`${folder.path}/sub`);
  await Deno.writeTextFile(`${folder.path}/sub/old`, "x");
  await Deno.writeTextFile(`${folder.path}/new`, "x");
  await Deno.symlink("/etc/hostname", `${folder.path}/link`);
  await Deno.symlink("/etc", `${folder.path}/folder`);
  const place = placeOfFolder(folder.path);
  using watch = new FileWatch([place]);
  watch.ignore([place], (name) => name === "sub/old");
  assertEquals(watch.look(true).map(({ path }) => place.nameOf(path)), ["new"]);
  await Deno.writeTextFile(`${folder.path}/sub/old`, "other");
  assertEquals(watch.look(true).map(({ path }) => place.nameOf(path)).sort(), ["new", "sub/old"]);
});
