import { createRun } from "../../../lib/logger/create.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { openRepository } from "../../../lib/logger/open.ts";
import { FileCatalogue } from "../../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";
import { type SnapshotOptions, takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { LogAppender } from "../../../lib/store/local/logs/log_appender.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import type { FileChunk } from "../../../lib/store/store.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const NEEDS = { status: false, runs: true, runStatus: false, logs: true, columns: true };

/** A line that another program may write. */
const line = (value: number) => `{"event":"late","ts":1,"x":${value}}\n`;

/** A repository, the paths of a run of it that has ended, and what questions find. */
class World implements AsyncDisposable {
  /** How far the clock of whoever asks is ahead: what changed just now, changed long ago. */
  ahead = 60_000;
  /** The clock, where it stands still, and how much older folders seem than they are. */
  clock: number | undefined;
  foldersAge = 0;

  private constructor(
    readonly path: string,
    readonly experiment: string,
    readonly run: string,
    readonly close: () => PromiseLike<void>,
  ) {}

  /** `before`: what is done before anybody looks. */
  static async make(before: (world: World) => void = () => {}): Promise<World> {
    const folder = await scratch();
    const repo = await openRepository(folder.path);
    const experiment = await repo.experiment({ kind: "k", name: "a" });
    const run = await experiment.run({ git: false, env: false });
    const output = run.openLog("stdout");
    output.log("stdout", { text: "hello" });
    for (let step = 0; step < 3; step++) run.log("train", { step, loss: 1 / (step + 1) });
    await run.finish();
    const world = new World(folder.path, experiment.folder, `${experiment.folder}/runs/${run.id}`, async () => {
      await folder[Symbol.asyncDispose]();
    });
    before(world);
    // Until the run is in the index, in the catalogue, and known to be closed.
    for (let turn = 0; turn < 3; turn++) await world.look();
    return world;
  }

  /** The repository, as a process that was just started sees it. */
  async open() {
    const folder = `${this.path}/.dbx/index`;
    const catalogue = new FileCatalogue(folder, { now: () => this.clock ?? Date.now() + this.ahead });
    const source = sourceOf(await openReader(this.path, { catalogue }), { folder });
    source.index.worthWriting = { bytes: 0, logs: 1 };
    return { source, catalogue };
  }

  /** Points by logs, and the files that were looked at. */
  async look(options: Partial<SnapshotOptions> = {}): Promise<{ points: Record<string, number>; looks: string[] }> {
    const { source, catalogue } = await this.open();
    const looks: string[] = [];
    const { store } = source.repository;
    const look = store.look!.bind(store);
    store.look = (name) => {
      looks.push(name);
      const found = look(name);
      if (found?.kind !== "folder") return found;
      const [modifiedAt, changedAt] = [found.modifiedAt! - this.foldersAge, found.changedAt! - this.foldersAge];
      return { ...found, modifiedAt, changedAt };
    };
    const snapshot = await takeSnapshot([source], NEEDS, { now: Date.now(), ...options });
    const points: Record<string, number> = {};
    for (const log of snapshot.logs) {
      let count = 0;
      for (const { pack, part } of log.parts ?? []) count += pack.directory.parts.lines[part];
      points[log.name] = count;
    }
    catalogue.save();
    return { points, looks };
  }

  /** The files of runs that a question looks at. */
  async looks(): Promise<string[]> {
    return (await this.look()).looks.filter((name) => name.includes("/runs/"));
  }

  async lines(log: string): Promise<number | undefined> {
    return (await this.look()).points[log];
  }

  append(log: string, text: string): void {
    Deno.writeTextFileSync(`${this.path}/${this.run}/${log}`, text, { append: true });
  }

  /** A store of a program that writes, by whose clock all of it is `age` milliseconds older than it is. */
  store(age = () => 2000): LocalStore {
    return new LocalStore(this.path, { now: () => Date.now() + age() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

Deno.test("a closed run: nothing of it is looked at but the folders of the experiment", async () => {
  await using world = await World.make();
  const { looks, points } = await world.look();
  assertEquals(looks.sort(), ["", "a", world.experiment, `${world.experiment}/runs`]);
  assertEquals([points.log, points.stdout], [3, 0]);
  assert(points.dbx > 2);
});

Deno.test("a closed run: what another program appends is found by a full look, and from then on", async () => {
  await using world = await World.make();
  world.append("log.jsonl", line(1));
  assertEquals(await world.lines("log"), 3);
  assertEquals((await world.look({ full: true })).points.log, 4);
  assertEquals(await world.lines("log"), 4);
  world.append("log.jsonl", line(2));
  assertEquals(await world.lines("log"), 5);
});

Deno.test("a closed run: what another program appends is found by a full look in its life log, too, and not forgotten", async () => {
  await using world = await World.make();
  const { points } = await world.look();
  const index = `${world.path}/.dbx/index`;
  const packs = () => Array.from(Deno.readDirSync(index), ({ name }) => name).filter((name) => name.endsWith(".pack"));
  const before = new Set(packs());
  world.append("dbx.log.jsonl", line(1));
  world.append("log.jsonl", line(1));
  const { dbx, log } = (await world.look({ full: true })).points;
  assertEquals([dbx, log], [points.dbx + 1, 4]);
  // What the index has left is what it had when the run was closed.
  for (const name of packs()) if (!before.has(name)) Deno.removeSync(`${index}/${name}`);
  assertEquals((await world.look()).points.log, 4);
  assertEquals((await world.look()).points.dbx, points.dbx + 1);
});

Deno.test("a run that has ended: a line behind its end is found again where the index lost it, whoever asks first", async () => {
  for (const loss of ["removed", "damaged"]) {
    await using world = await World.make();
    // Without a seal, it is never closed.
    const life = `${world.path}/${world.run}/dbx.log.jsonl`;
    Deno.writeTextFileSync(life, Deno.readTextFileSync(life).replace(/,"sha256":"[^"]*"\}\n$/, "}\n"));
    await Deno.remove(`${world.path}/.dbx/index`, { recursive: true });
    for (let turn = 0; turn < 3; turn++) await world.look();
    const { points } = await world.look();
    const index = `${world.path}/.dbx/index`;
    const packs = () =>
      Array.from(Deno.readDirSync(index), ({ name }) => name).filter((name) => name.endsWith(".pack"));
    const before = new Set(packs());
    world.append("dbx.log.jsonl", line(1));
    assertEquals((await world.look()).points.dbx, points.dbx, "of a run that has ended, nobody looks at that log");
    assertEquals((await world.look({ full: true })).points.dbx, points.dbx + 1);
    const file = `${index}/${packs().find((name) => !before.has(name))}`;
    if (loss === "removed") Deno.removeSync(file);
    else Deno.truncateSync(file, 10);
    // Another question, about nothing that was lost, finds the damage, and mends the list of packs.
    const { source, catalogue } = await world.open();
    source.index.load();
    assertEquals(source.index.hasLost, true);
    await source.index.update([]);
    catalogue.save();
    const { source: later } = await world.open();
    later.index.load();
    assertEquals([later.index.hasLost, later.index.held.packs.length], [true, before.size]);
    assertEquals((await world.look()).points.dbx, points.dbx + 1);
    const { source: last } = await world.open();
    last.index.load();
    assertEquals(last.index.hasLost, false);
    assertEquals((await world.look()).points.dbx, points.dbx + 1);
  }
});

Deno.test("a closed run: a log that another program adds is found by a full look, and from then on", async () => {
  await using world = await World.make();
  world.append("later.log.jsonl", line(1));
  assertEquals(await world.lines("later"), undefined);
  assertEquals((await world.look({ full: true })).points.later, 1);
  world.append("later.log.jsonl", line(2));
  assertEquals(await world.lines("later"), 2);
});

Deno.test("a closed run: with an empty log that another program adds it is closed no more, and what comes then is seen", async () => {
  await using world = await World.make();
  world.append("late.log.jsonl", "");
  await world.look({ full: true });
  // Of a file that is open already, no folder tells that it grows.
  world.append("late.log.jsonl", line(1));
  assertEquals(await world.lines("late"), 1);
});

Deno.test("a closed run: what a server is given for it is seen at once [F64]", async () => {
  await using world = await World.make();
  const store = world.store();
  using extender = new LogAppender(store.folder);
  extender.extend(store.path(`${world.run}/log.jsonl`), undefined, new TextEncoder().encode(line(1)));
  assertEquals(await world.lines("log"), 4);
  extender.extend(store.path(`${world.run}/new.log.jsonl`), 0, new TextEncoder().encode(line(1)));
  assertEquals((await world.look()).points, { ...(await world.look()).points, log: 4, new: 1 });
  // It is not closed any more: each look sees what comes.
  for (let turn = 0; turn < 3; turn++) await world.look();
  world.append("log.jsonl", line(2));
  assertEquals(await world.lines("log"), 5);
});

Deno.test("a closed run: what a server is given is seen at once, however long the line is that ends it", async () => {
  await using world = await World.make(({ path, run }) => {
    const life = `${path}/${run}/dbx.log.jsonl`;
    const text = Deno.readTextFileSync(life);
    const seal = text.lastIndexOf(',"sha256":');
    Deno.writeTextFileSync(life, `${text.slice(0, seal)},"text":"${"y".repeat(100_000)}"${text.slice(seal)}`);
  });
  world.append("log.jsonl", line(1));
  assertEquals(await world.lines("log"), 3, "it is closed");
  const store = world.store();
  using extender = new LogAppender(store.folder);
  extender.extend(store.path(`${world.run}/log.jsonl`), undefined, new TextEncoder().encode(line(2)));
  assertEquals(await world.lines("log"), 5);
});

Deno.test("a closed run: what a synchronisation brings is seen at once, a longer log and a new one [F64]", async () => {
  for (const name of ["log", "new"]) {
    await using world = await World.make();
    const store = world.store();
    const path = `${world.run}/${name}.${name === "log" ? "jsonl" : "log.jsonl"}`;
    const before = name === "log" ? Deno.readFileSync(`${world.path}/${path}`) : new Uint8Array();
    const bytes = new Uint8Array([...before, ...new TextEncoder().encode(line(1))]);
    const part: FileChunk = { name: path, offset: 0, bytes, end: true, size: bytes.length, modifiedAt: 1000 };
    const taken = await store.writeMany((async function* () {
      yield await Promise.resolve([part]);
    })());
    assertEquals(taken.setbacks, []);
    assertEquals(await world.lines(name), name === "log" ? 4 : 1);
  }
});

Deno.test("a closed run: bytes that come one after the other are all seen, also those right behind others", async () => {
  await using world = await World.make();
  let age = 2000;
  const store = world.store(() => age);
  for (let turn = 1; turn <= 3; turn++) {
    const name = `${world.run}/log.jsonl`;
    await store.append(name, Deno.statSync(store.path(name)).size, new TextEncoder().encode(line(turn)));
    assertEquals(await world.lines("log"), 3 + turn);
    // The next ones come right behind.
    age = 0;
  }
});

Deno.test("a closed run: a second run of its experiment, and one that another program makes, are seen", async () => {
  await using world = await World.make();
  const store = new LocalStore(world.path);
  const { folder } = await createRun(store, world.experiment, {});
  Deno.writeTextFileSync(`${world.path}/${folder}/other.log.jsonl`, line(1));
  assertEquals(await world.lines("other"), 1);
  const foreign = `${world.path}/${world.experiment}/runs/0foreign00run`;
  Deno.mkdirSync(foreign);
  Deno.writeTextFileSync(`${foreign}/meta.json`, JSON.stringify({ id: "0foreign00run", createdAt: "2026-01-01" }));
  Deno.writeTextFileSync(`${foreign}/third.log.jsonl`, line(1) + line(2));
  assertEquals(await world.lines("third"), 2);
});

Deno.test("a closed run: its experiment is deleted and restored", async () => {
  await using world = await World.make();
  const store = new LocalStore(world.path);
  await appendNote(store, world.experiment, "dbx/delete", {});
  assertEquals((await world.look()).points, {});
  await appendNote(store, world.experiment, "dbx/restore", {});
  assertEquals(await world.lines("log"), 3);
});

Deno.test("a closed run: one that goes, or is replaced by a copy of its folder, is looked at", async () => {
  await using world = await World.make();
  const folder = `${world.path}/${world.run}`;
  Deno.renameSync(folder, `${world.path}/.kept`);
  assertEquals((await world.look()).points, {});
  Deno.renameSync(`${world.path}/.kept`, folder);
  world.append("log.jsonl", line(1));
  assertEquals(await world.lines("log"), 4);
});

Deno.test("a closed run: where the index lost it, or only a part of it, it is looked at", async () => {
  await using world = await World.make();
  for await (const { name } of Deno.readDir(`${world.path}/.dbx/index`)) {
    if (name !== "catalogue") await Deno.remove(`${world.path}/.dbx/index/${name}`, { recursive: true });
  }
  assertEquals(await world.lines("log"), 3);
});

Deno.test("a closed run: a damaged file of the catalogue is as if it had never been", async () => {
  await using world = await World.make();
  const folder = `${world.path}/.dbx/index/catalogue`;
  for (const { name } of Deno.readDirSync(folder)) {
    if (!name.endsWith(".cat")) continue;
    const bytes = Deno.readFileSync(`${folder}/${name}`);
    for (let at = 0; at < bytes.length; at += 7) bytes[at] ^= 1;
    Deno.writeFileSync(`${folder}/${name}`, bytes);
  }
  world.append("log.jsonl", line(1));
  assertEquals(await world.lines("log"), 4);
});

Deno.test("a run is not closed while it is young, without a sealed end, or where a log is longer or shorter than sealed [F65]", async () => {
  const closes = async (change: (world: World) => void, ahead = 60_000) => {
    await using world = await World.make();
    change(world);
    await Deno.remove(`${world.path}/.dbx/index`, { recursive: true });
    world.ahead = ahead;
    for (let turn = 0; turn < 3; turn++) await world.look();
    return (await world.looks()).length === 0;
  };
  const life = (world: World) => `${world.path}/${world.run}/dbx.log.jsonl`;
  assertEquals(await closes(() => {}), true);
  assertEquals(await closes(() => {}, 0), false);
  // A clock that went back.
  assertEquals(await closes(() => {}, -60_000), false);
  // Its folders are old, but its logs are not.
  const ended = (world: World, later: number) => {
    world.foldersAge = 60_000;
    world.clock = Deno.statSync(life(world)).mtime!.getTime() + later;
  };
  assertEquals(await closes((world) => ended(world, 1500)), false);
  assertEquals(await closes((world) => ended(world, 2500)), true);
  assertEquals(await closes((world) => world.append("log.jsonl", line(1))), false);
  assertEquals(await closes((world) => world.append("more.log.jsonl", line(1))), false);
  assertEquals(await closes((world) => Deno.removeSync(`${world.path}/${world.run}/log.jsonl`)), false);
  assertEquals(await closes((world) => Deno.truncateSync(`${world.path}/${world.run}/log.jsonl`, 44)), false);
  assertEquals(await closes((world) => world.append("dbx.log.jsonl", line(1))), false);
  assertEquals(await closes((world) => world.append("dbx.log.jsonl", `{"ev`)), false);
  assertEquals(
    await closes((world) => {
      const text = Deno.readTextFileSync(life(world));
      Deno.writeTextFileSync(life(world), text.replace(/,"sha256":"[^"]*"\}\n$/, "}\n"));
    }),
    false,
  );
});
