// What was derived from something that was purged goes too: also what a process read before the purge and writes down after it,
// and what another user keeps elsewhere.
import { openRepository } from "../../lib/client/location/open_repository.ts";
import { EmptiedIndex, IndexFiles } from "../../lib/index/state/index_files.ts";
import { Pack } from "../../lib/index/pack/pack.ts";
import { PackBuilder } from "../../lib/index/pack/pack_builder.ts";
import { FileCatalogue } from "../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { openSource } from "../../lib/query/snapshot/source.ts";
import { query } from "../../lib/query/query.ts";
import { openReader } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { holding } from "./secret_bytes.ts";

const SECRET = "hunter2derived";

/** An experiment that says the secret in its params and its series, a minute ago: what is younger is not remembered. */
async function repository(path: string): Promise<string> {
  await using repo = await openRepository(path);
  const experiment = await repo.experiment({ kind: "k", params: { key: SECRET } });
  const run = await experiment.run({ env: false, git: false });
  run.log(SECRET, { loss: 0.5 });
  await run.finish();
  return experiment.id;
}

/** All files of a catalogue or an index that was made by asking. */
async function ask(path: string, folder: string): Promise<void> {
  const source = await openSource(path, { folder });
  source.index.worthWriting = { bytes: 0, logs: 1 };
  using answer = await query([source], "SELECT count(*) FROM points");
  await Array.fromAsync(answer);
  (source.repository.catalogue as FileCatalogue).save();
}

Deno.test("purge: an index in another user's cache is emptied when that user asks again", async () => {
  await using folder = await scratch();
  const [path, cache] = [`${folder.path}/repo`, `${folder.path}/cache`];
  const id = await repository(path);
  await ask(path, cache);
  assert((await holding(SECRET, cache)).length > 0);
  await new LocalStore(path).purge([id]);
  assertEquals(await holding(SECRET, path), []);
  await ask(path, cache);
  assertEquals(await holding(SECRET, cache), []);
});

Deno.test("purge: a pack that was made before it is not named after it", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  const id = await repository(path);
  const index = `${path}/.dbx/index`;
  const files = new IndexFiles(index);
  (await files.lock())?.[Symbol.dispose]();
  files.load();
  const name = files.write(Pack.inMemory(new PackBuilder()));
  await new LocalStore(path).purge([id]);
  await Deno.writeTextFile(`${index}/${name}`, SECRET);
  const pack = Object.assign(Object.create(Pack.prototype), {}) as Pack;
  Object.defineProperty(pack, "file", { value: `${index}/${name}` });
  assertThrows(() => files.publish([pack], false), EmptiedIndex);
  assertEquals(await holding(SECRET, index), []);
  files.load();
  files.publish([], false);
});

Deno.test("purge: a catalogue that was filled before it is not written after it", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  const id = await repository(path);
  const later = () => Date.now() + 60_000;
  const catalogue = new FileCatalogue(`${path}/.dbx/index`, { now: later });
  const reader = await openReader(path, { catalogue });
  await Array.fromAsync(reader.experiments());
  await new LocalStore(path).purge([id]);
  catalogue.save();
  assertEquals(await holding(SECRET, path), []);
  // It goes on with what there is.
  await repository(path);
  await Array.fromAsync(reader.experiments());
  catalogue.save();
  assert((await holding(SECRET, `${path}/.dbx/index/catalogue`)).length > 0);
});
