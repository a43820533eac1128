import { FileCatalogue } from "../../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { createRun } from "../../../lib/logger/create.ts";
import { Lifecycle } from "../../../lib/logger/lifecycle.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { openRepository } from "../../../lib/logger/open.ts";
import { openReader } from "../../../lib/repo/open.ts";
import type { ListingCache } from "../../../lib/repo/cache/listing_cache.ts";
import { namedExperiments } from "../../../lib/repo/lookup/named_experiments.ts";
import { messageOf } from "../../../lib/base/errors.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const NOW = Date.now();

/** All that a listing shows. */
async function listing(path: string, catalogue?: ListingCache): Promise<unknown[]> {
  const repository = await openReader(path, { catalogue });
  const all = [];
  for await (const experiment of repository.experiments()) {
    const { definition, folder, version } = experiment;
    const [status, notes] = [await experiment.latestStatus(NOW), await experiment.notes()];
    const runs = [];
    for (const run of await experiment.runs()) {
      runs.push({ of: run.definition, logs: await run.logs(), status: JSON.stringify(await run.status(NOW)) });
    }
    all.push({ definition, folder, version, status: JSON.stringify(status), notes, runs });
  }
  return all.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** What an error says, without the name that may have been meant: several may be as near. */
function said(error: unknown): string {
  return messageOf(error).replace(/; did you mean .*/, "");
}

/** What is found by names: ids, beginnings of ids, and folders, of which each one is asked with a catalogue of its own. */
async function found(
  path: string,
  names: readonly string[],
  catalogue: () => ListingCache | undefined,
): Promise<unknown[]> {
  const all = [];
  for (const name of names) {
    const repository = async () => await openReader(path, { catalogue: catalogue() });
    const named = await namedExperiments(await repository(), { experiments: [name] });
    const withRun = await namedExperiments(await repository(), { runs: [name] });
    const folders = [named, withRun].map((list) => list.map(({ folder }) => folder).sort());
    const experiment = await (await repository()).findExperiment(name).then(({ folder }) => folder, said);
    const run = await (await repository()).findRun(name).then(({ folder }) => folder, said);
    all.push({ name, folders, experiment, run });
  }
  return all;
}

/** A clock that is ahead: what changed just now, changed long ago. */
const later = { now: () => Date.now() + 60_000 };

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

/** Writers of a repository: those of dbx, and others that know only files and folders. */
class Writers {
  readonly folders: string[] = [];
  #made = 0;

  readonly #store: LocalStore;

  constructor(readonly path: string, readonly random: (below: number) => number) {
    this.#store = new LocalStore(path);
  }

  /** Does something; what it was. */
  async step(): Promise<string> {
    const ways = Object.entries(this.#ways);
    const [name, way] = ways[this.folders.length < 3 ? 0 : this.random(ways.length)];
    const at = this.random(this.folders.length || 1);
    // With a clock that is ahead, two changes in one tick of the file system's clock would be one.
    await new Promise((resolve) => setTimeout(resolve, 15));
    await way(this.folders[at], at);
    await new Promise((resolve) => setTimeout(resolve, 15));
    return name;
  }

  #json(path: string, json: unknown): Promise<void> {
    return Deno.writeTextFile(`${this.path}/${path}`, JSON.stringify(json) + "\n");
  }

  #id(head: string): string {
    return head + String(this.#made++).padStart(12, "0");
  }

  readonly #ways = {
    experiment: async () => {
      const names = ["", "", "a", "a/b", "c"];
      const params = { x: NaN, at: this.#made, text: "ä".repeat(this.random(20) === 0 ? 5000 : 3) };
      const repository = await openRepository(this.path);
      const name = names[this.random(names.length)];
      this.folders.push((await repository.experiment({ kind: "k", id: this.#id("o"), name, params })).folder);
    },
    foreignExperiment: async () => {
      const [id, run] = [this.#id("f"), this.#id("r")];
      const above = ["", "a/", "new" + this.#made + "/"][this.random(3)];
      const folder = `${above}${id}`;
      await Deno.mkdir(`${this.path}/${folder}/runs/${run}`, { recursive: true });
      await this.#json(`${folder}/meta.json`, { id, kind: "foreign", createdAt: 1e12 + this.#made });
      await this.#json(`${folder}/runs/${run}/meta.json`, { id: run, createdAt: 1e12 });
      await this.#json(`${folder}/runs/${run}/log.jsonl`, { event: "e", ts: 1, loss: 1 });
      this.folders.push(folder);
    },
    run: async (folder: string) => {
      const run = await createRun(this.#store, folder, { id: this.#id("r"), hostname: "h" }).catch(() => undefined);
      if (run === undefined || this.random(2) === 0) return;
      const file = `${run.folder}/dbx.log.jsonl`;
      if (this.random(2) === 0) return await this.#json(file, { event: "dbx/start", ts: 1e12, pid: 1 });
      const life = new Lifecycle(this.#store.path(file), { pid: 1 });
      await life.end({ status: "failed", exitCode: this.#made }, { events: 0, reasons: [] });
    },
    foreignLog: async (folder: string) => {
      for await (const { name } of this.#store.list(`${folder}/runs`)) {
        await this.#json(`${folder}/runs/${name}/extra${this.random(3)}.log.jsonl`, { event: "e", ts: 1 });
      }
    },
    note: (folder: string) => appendNote(this.#store, folder, "dbx/tag", { tag: `t${this.#made++}` }),
    delete: (folder: string) => appendNote(this.#store, folder, "dbx/delete", {}),
    remove: async (folder: string, at: number) => {
      this.folders.splice(at, 1);
      await Deno.remove(`${this.path}/${folder}`, { recursive: true });
    },
    /** A definition under another name, given that of the file: a change that the format forbids. */
    replace: async (folder: string) => {
      const path = `${this.path}/${folder}/meta.json`;
      const json = JSON.parse(await Deno.readTextFile(path));
      await Deno.writeTextFile(`${path}.new`, JSON.stringify({ ...json, params: { replaced: this.#made++ } }));
      await Deno.rename(`${path}.new`, path);
    },
    undefine: async (folder: string) => {
      const path = `${this.path}/${folder}/meta.json`;
      const text = await Deno.readTextFile(path);
      await Deno.remove(path);
      if (this.random(2) === 0) return await Deno.writeTextFile(path, text);
      await Deno.writeTextFile(path, text.slice(0, 10));
      this.folders.splice(this.folders.indexOf(folder), 1);
    },
    /** As from a backup: another folder of the same name, with the times of the old one. */
    restore: async (folder: string) => {
      const path = `${this.path}/${folder}`;
      const { mtime, atime } = await Deno.stat(path);
      await Deno.rename(path, `${this.path}/.old`);
      await new Deno.Command("cp", { args: ["-a", `${this.path}/.old`, path] }).output();
      const json = JSON.parse(await Deno.readTextFile(`${path}/meta.json`));
      await Deno.writeTextFile(`${path}/meta.json`, JSON.stringify({ ...json, restored: true }));
      for await (const { name } of this.#store.list(`${folder}/runs`)) {
        if (this.random(2) === 0) await Deno.remove(`${path}/runs/${name}`, { recursive: true });
      }
      await Deno.utime(path, atime!, mtime!);
      await Deno.remove(`${this.path}/.old`, { recursive: true });
    },
    move: async (folder: string, at: number) => {
      const to = `moved${this.#made++}`;
      await Deno.mkdir(`${this.path}/${to}`);
      const id = folder.slice(folder.lastIndexOf("/") + 1);
      await Deno.rename(`${this.path}/${folder}`, `${this.path}/${to}/${id}`);
      this.folders[at] = `${to}/${id}`;
    },
  };
}

Deno.test("FileCatalogue: a listing with it is the listing without it, whatever anybody does in between [slow]", async () => {
  for (const seed of [1, 2, 3]) {
    await using folder = await scratch();
    const path = `${folder.path}/r`;
    await openRepository(path);
    const index = `${path}/.dbx/index`;
    const dice = random(seed);
    const writers = new Writers(path, dice);
    // Processes that live on, and learnt what they know at other times.
    const lasting = [new FileCatalogue(index, later), new FileCatalogue(undefined, later)];
    const done: string[] = [];
    for (let step = 0; step < 70; step++) {
      done.push(await writers.step());
      if (dice(3) === 0) continue;
      const expected = await listing(path);
      const history = `seed ${seed}: ${done.join(", ")}`;
      for (const catalogue of [...lasting, new FileCatalogue(index, dice(3) === 0 ? {} : later)]) {
        if (dice(4) === 0) continue;
        if (dice(2) === 0) assertEquals(await listing(path, catalogue), expected, history);
        if (dice(4) > 0) continue;
        const folder = writers.folders[dice(writers.folders.length)];
        const id = folder.slice(folder.lastIndexOf("/") + 1);
        const names = [folder, id, "f00000000", id.slice(0, 11 + dice(3)), `r${String(dice(30)).padStart(12, "0")}`];
        assertEquals(await found(path, names, () => catalogue), await found(path, names, () => undefined), history);
        if (dice(2) === 0) catalogue.save();
      }
    }
  }
});

Deno.test("FileCatalogue: what has not changed is neither listed nor read again, by another process either", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const repository = await openRepository(path);
  for (let i = 0; i < 20; i++) {
    const { folder } = await repository.experiment({ kind: "k", name: i % 2 ? "a/b" : "" });
    await createRun(new LocalStore(path), folder, {});
  }
  const first = new FileCatalogue(`${path}/.dbx/index`, later);
  const expected = await listing(path, first);
  first.save();
  const again = await openReader(path, { catalogue: new FileCatalogue(`${path}/.dbx/index`) });
  const calls: string[] = [];
  const { read, list } = again.store;
  again.store.read = (name, options) => (calls.push(name), read.call(again.store, name, options));
  again.store.list = (name, options) => (calls.push(name), list.call(again.store, name, options));
  const definitions = [];
  for await (const experiment of again.experiments()) {
    for (const run of await experiment.runs()) {
      definitions.push(await run.logs(), run.definition, experiment.definition);
    }
  }
  assertEquals(definitions.length, 60);
  assertEquals(calls, []);
  assertEquals(expected.length, 20);
});

Deno.test("FileCatalogue: whatever a flipped bit or a cut damages, the listing is the same, and it heals [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const index = `${path}/.dbx/index`;
  const dice = random(7);
  const writers = new Writers(path, dice);
  await openRepository(path);
  for (let step = 0; step < 25; step++) await writers.step();
  const expected = await listing(path);
  const names = [writers.folders[0], ...writers.folders[1].match(/.{13}$/)!, "o0000", "f0000000000"];
  const finds = await found(path, names, () => undefined);
  const save = async () => {
    const catalogue = new FileCatalogue(index, later);
    assertEquals(await listing(path, catalogue), expected);
    catalogue.save();
  };
  await save();
  const files = `${index}/catalogue`;
  const name = (await Array.fromAsync(Deno.readDir(files))).find(({ name }) => name.endsWith(".cat"))!.name;
  const bytes = await Deno.readFile(`${files}/${name}`);
  for (let turn = 0; turn < 150; turn++) {
    const bad = turn % 10 === 0 ? bytes.slice(0, dice(bytes.length)) : bytes.slice();
    // Everywhere, and often near the end, where the head is.
    const at = turn % 2 === 0 ? dice(bad.length || 1) : bad.length - 1 - dice(Math.min(2000, bad.length || 1));
    if (bad.length > 0) bad[at] ^= 1 << dice(8);
    await Deno.remove(files, { recursive: true });
    await Deno.mkdir(files);
    await Deno.writeFile(`${files}/${name}`, bad);
    if (turn % 3 === 0) assertEquals(await found(path, names, () => new FileCatalogue(index, later)), finds);
    await save();
    assertEquals(await listing(path, new FileCatalogue(index, later)), expected);
  }
});

Deno.test("FileCatalogue: many processes write at once, and merge; nothing is lost but time [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const index = `${path}/.dbx/index`;
  const writers = new Writers(path, random(11));
  await openRepository(path);
  for (let step = 0; step < 40; step++) {
    await writers.step();
    const both = [new FileCatalogue(index, later), new FileCatalogue(index, later)];
    for (const catalogue of both) await listing(path, catalogue);
    for (const catalogue of both) catalogue.save();
    assertEquals(await listing(path, new FileCatalogue(index, later)), await listing(path), `step ${step}`);
  }
  const names = (await Array.fromAsync(Deno.readDir(`${index}/catalogue`))).map(({ name }) => name);
  assert(names.length < 12, names.join(" "));
});

Deno.test("FileCatalogue: where nothing can be written, nothing is", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await (await openRepository(path)).experiment({ kind: "k" });
  const nowhere = new FileCatalogue("/proc/nowhere/index", later);
  assertEquals(await listing(path, nowhere), await listing(path));
  nowhere.save();
  assertEquals(await listing(path, nowhere), await listing(path));
});
