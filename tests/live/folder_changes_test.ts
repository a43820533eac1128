import { FolderChanges } from "../../lib/live/folder_changes.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

Deno.test("FolderChanges: very many folders are not watched, and changes are told every second [slow]", async () => {
  await using folder = await scratch();
  const { watchFs } = Deno;
  let watched = 0;
  Deno.watchFs = (...args) => (watched++, watchFs(...args));
  const controller = new AbortController();
  try {
    for (const folders of [50_001, 50_000]) {
      const told = new Promise<number>((resolve) => {
        const from = performance.now();
        new FolderChanges(folder.path, () => folders)
          .watch(() => resolve(performance.now() - from), controller.signal);
      });
      if (folders > 50_000) {
        assertEquals(watched, 0);
        assert(await told > 900);
      }
    }
    assertEquals(watched, 1);
  } finally {
    controller.abort();
    Deno.watchFs = watchFs;
  }
});

Deno.test("FolderChanges: a folder that was just made is looked at again, as it may have been filled unseen", async () => {
  const { watchFs } = Deno;
  const controller = new AbortController();
  // The system tells of the new folder, and of nothing in it.
  const events = async function* () {
    yield { kind: "create", paths: ["/r/new"] };
    await new Promise((resolve) => controller.signal.addEventListener("abort", resolve));
  };
  Deno.watchFs = () => Object.assign(events(), { close() {} }) as unknown as Deno.FsWatcher;
  let told = 0;
  try {
    const { promise, resolve } = Promise.withResolvers<void>();
    new FolderChanges("/r").watch(() => ++told === 3 && resolve(), controller.signal);
    const timer = setTimeout(resolve, 10_000);
    await promise;
    clearTimeout(timer);
  } finally {
    controller.abort();
    Deno.watchFs = watchFs;
  }
  assertEquals(told, 3);
});
