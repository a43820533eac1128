import { FileCatalogue } from "../../../lib/query/snapshot/file_catalogue.ts";
import { createRun } from "../../../lib/logger/create.ts";
import { Lifecycle } from "../../../lib/logger/lifecycle.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { openRepository } from "../../../lib/logger/open.ts";
import { openReader } from "../../../lib/repo/open.ts";
import type { Catalogue } from "../../../lib/repo/catalogue.ts";
import { LocalStore } from "../../../lib/store/local.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const NOW = Date.now();

/** All that a listing shows. */
async function listing(path: string, catalogue?: Catalogue): Promise<unknown[]> {
  const repository = await openReader(path, { catalogue });
  const all = [];
  for await (const experiment of repository.experiments()) {
    const { definition, folder, version } = experiment;
    const [status, notes] = [await experiment.latestStatus(NOW), await experiment.notes()];
    all.push({ definition, folder, version, status: JSON.stringify(status), notes });
  }
  return all.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** A clock that is ahead: what changed just now, changed long ago. */
const later = { now: () => Date.now() + 60_000 };

Deno.test("FileCatalogue: a listing with it is the listing without it, whatever happens in between", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const repository = await openRepository(path);
  const index = `${path}/.dbx/index`;
  const store = new LocalStore(path);
  const folders: string[] = [];
  for (let step = 0; step < 60; step++) {
    const at = Math.floor(Math.random() * folders.length);
    const what = folders.length < 3 ? 0 : Math.floor(Math.random() * 5);
    if (what === 0) {
      const made = await repository.experiment({ kind: "k", name: step % 2 ? "a/b" : "", params: { step, x: NaN } });
      folders.push(made.folder);
    } else if (what === 1 || what === 2) {
      const run = await createRun(store, folders[at], { hostname: "h" });
      const life = new Lifecycle(store.path(`${run.folder}/dbx.log.jsonl`), { pid: 1 });
      if (what === 1) await life.end({ status: "failed", exitCode: step }, { events: 0, reasons: [] });
    } else if (what === 3) await appendNote(store, folders[at], "dbx/tag", { tag: `t${step}` });
    else if (folders.length > 5) await Deno.remove(`${path}/${folders.splice(at, 1)[0]}`, { recursive: true });
    const catalogue = new FileCatalogue(index, step % 3 > 0 ? later : {});
    assertEquals(await listing(path, catalogue), await listing(path), `step ${step}`);
    catalogue.save();
  }
  let reads = 0;
  const first = new FileCatalogue(index, later);
  await listing(path, first);
  first.save();
  const again = await openReader(path, { catalogue: new FileCatalogue(index) });
  const { read } = again.store;
  again.store.read = (name, options) => (name.endsWith("meta.json") && reads++, read.call(again.store, name, options));
  assertEquals((await Array.fromAsync(again.experiments())).length, folders.length);
  assertEquals(reads, 0);
});

Deno.test("FileCatalogue: damaged, of another version or not to be written, it is as if there were none", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const repository = await openRepository(path);
  await repository.experiment({ kind: "k" });
  const index = `${path}/.dbx/index`;
  const expected = await listing(path);
  const catalogue = new FileCatalogue(index, later);
  await listing(path, catalogue);
  catalogue.save();
  const text = await Deno.readTextFile(`${index}/catalogue.json`);
  assert(text.includes('"experiments"'));
  for (const bad of ["", "{", text.slice(0, -20), '{"version":1}', '{"version":2,"experiments":[[1],null]}', "[]"]) {
    await Deno.writeTextFile(`${index}/catalogue.json`, bad);
    const damaged = new FileCatalogue(index, later);
    assertEquals(await listing(path, damaged), expected);
    damaged.save();
    assertEquals(await Deno.readTextFile(`${index}/catalogue.json`), text);
  }
  const nowhere = new FileCatalogue("/proc/nowhere/index");
  assertEquals(await listing(path, nowhere), expected);
  nowhere.save();
});
