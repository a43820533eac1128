import { createExperiment, createRun } from "../../../lib/logger/create.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { SessionCache } from "../../../lib/query/session/session_cache.ts";
import { listExperiments } from "../../../lib/query/list/list.ts";
import { query, type QueryOptions } from "../../../lib/query/query.ts";
import { FileCatalogue } from "../../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { type Source, takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { LogAppender } from "../../../lib/store/local/logs/log_appender.ts";
import { TIMESTAMP_GRANULARITY_MS } from "../../../lib/fs/files/timestamps.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { experimentId, makeGrowthRepository, runId } from "../../../scripts/bench/growth_repository.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { nextSecond } from "../../fs/next_second.ts";

const ALL = `SELECT e.id, e.tags, e.note, r.run, l.log, l.bytes, m.key, m.count, m.last
  FROM experiments e LEFT JOIN runs r ON r.exp = e.id LEFT JOIN logs l ON l.run = r.run AND l.exp = e.id
  LEFT JOIN metrics m ON m.run = l.run AND m.log = l.log ORDER BY 1, 4, 5, 7`;

/** What needs no logs. */
const ENTITIES =
  `SELECT e.id, e.name, e.tags, e.note, e.status, e.runs, e.lost_events, e.hostname, e.params.lr, e.created_at,
  r.run, r.status AS run_status FROM experiments e LEFT JOIN runs r ON r.exp = e.id ORDER BY 1, r.run`;

const NEEDS = { status: false, runs: true, runStatus: false, logs: true, columns: true };

const encoder = new TextEncoder();
const LINE = '{"event":"late","ts":1,"x":7}\n';

/** A repository of experiments that are settled, and one that goes on; and a process that answers one question after the other. */
class World implements AsyncDisposable {
  readonly store: LocalStore;
  readonly views: SessionCache;
  clock: number | undefined;
  #source: Source | undefined;
  #end: (() => PromiseLike<void>) | undefined;

  private constructor(readonly path: string, wholeLookMs = Infinity) {
    this.store = new LocalStore(path, { now: this.now });
    this.views = new SessionCache({ worth: 1, wholeLookMs });
  }

  /** The clock: where it does not stand still, what changed just now, changed long ago. */
  readonly now = () => this.clock ?? Date.now() + 60_000;

  /** Lets the clock stand still where all that was done until now is settled, and nothing that comes. */
  async settle(): Promise<void> {
    this.clock = await nextSecond() + TIMESTAMP_GRANULARITY_MS;
  }

  /** `isExact`: its clock stands still at first; see {@linkcode settle}. */
  static async make(
    { wholeLookMs, goesOn = true, isExact = false }: { wholeLookMs?: number; goesOn?: boolean; isExact?: boolean } = {},
  ): Promise<World> {
    const folder = await scratch();
    const path = `${folder.path}/r`;
    makeGrowthRepository(path, { experiments: 6, events: 3, lives: true, seals: true });
    const world = new World(path, wholeLookMs);
    world.#end = () => folder[Symbol.asyncDispose]();
    if (goesOn) {
      const { folder } = await createExperiment(world.store, { id: "zzzzzzzzzzzzz" });
      await createRun(world.store, folder, { id: "zzzzzzzzzzzz0" });
      world.write("zzzzzzzzzzzzz/runs/zzzzzzzzzzzz0/log.jsonl", LINE);
    }
    if (isExact) await world.settle();
    // Until it is known to be settled.
    for (let turn = 0; turn < 4; turn++) {
      world.views.drop();
      await world.ask();
    }
    await world.hold();
    return world;
  }

  /** A source as another process has it. `isOwn`: with an index and a catalogue of its own, which know nothing. */
  async open(isOwn = false): Promise<Source> {
    const folder = isOwn ? undefined : `${this.path}/.dbx/index`;
    const catalogue = new FileCatalogue(folder, { now: this.now });
    return sourceOf(await openReader(this.path, { catalogue }), { folder, name: "r" });
  }

  async ask(sql = ALL, options: QueryOptions = {}): Promise<unknown[][]> {
    const source = this.#source ??= await this.open();
    source.index.worthWriting = { bytes: 0, logs: 1 };
    using answer = await query([source], sql, { awaitsSeries: true, views: this.views, ...options });
    const rows = await Array.fromAsync(answer);
    (source.repository.catalogue as FileCatalogue).save();
    return rows;
  }

  /** What a process says that knows nothing. */
  async truth(sql = ALL): Promise<unknown[][]> {
    using answer = await query([await this.open(true)], sql, { awaitsSeries: true });
    return await Array.fromAsync(answer);
  }

  /** Asks until what was seen is held. */
  async hold(): Promise<void> {
    for (let turn = 0; turn < 5 && !this.views.isHolding; turn++) await this.ask();
    assert(this.views.isHolding, "nothing is held");
  }

  write(name: string, text: string): void {
    Deno.writeTextFileSync(`${this.path}/${name}`, text, { append: true });
  }

  /** The names of folders of one experiment and its run. */
  names(number: number): { experiment: string; run: string } {
    const experiment = experimentId(number);
    return { experiment, run: `${experiment}/runs/${runId(number)}` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end?.();
  }
}

/** Rows as text. */
function textOf(rows: unknown[][]): string {
  return JSON.stringify(rows, (_, value) => typeof value === "bigint" ? `${value}n` : value);
}

/** Ways to change what no query shows. */
const NOT_SHOWN: ReadonlySet<string> = new Set(["a torn line", "an index that goes"]);

/** Waits until what changes gets another time. */
function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

Deno.test("SessionCache: the same question is answered by what is held, and nothing is looked at but the folders above", async () => {
  await using world = await World.make({ goesOn: false });
  const source = await world.open();
  const { store } = source.repository;
  const looks: string[] = [];
  const look = store.look!.bind(store);
  store.look = (name) => (looks.push(name), look(name));
  const options = { views: world.views };
  for (let turn = 0; turn < 4; turn++) {
    looks.length = 0;
    using _ = await query([source], ALL, options);
  }
  assertEquals(looks, [""]);
  const before = world.views.isHolding;
  const rows = await Array.fromAsync(await query([source], "SELECT count(*) FROM points", options));
  assertEquals([rows, before], [[[36]], true]);
});

Deno.test("SessionCache: beside a run that goes on, nothing is looked at of settled experiments, until one changes", async () => {
  await using world = await World.make();
  const source = await world.open();
  const { store, catalogue } = source.repository;
  const looks = new Set<string>();
  const look = store.look!.bind(store);
  store.look = (name) => (looks.add(name.slice(0, 13)), look(name));
  const ask = async () => {
    looks.clear();
    using answer = await query([source], "SELECT run, status FROM runs ORDER BY run", { views: world.views });
    (catalogue as FileCatalogue).save();
    return { rows: await Array.fromAsync(answer), looks: [...looks].sort() };
  };
  await ask();
  await ask();
  const before = await ask();
  assertEquals([before.looks, before.rows.length], [["", "zzzzzzzzzzzzz"], 7]);
  world.write(
    "zzzzzzzzzzzzz/runs/zzzzzzzzzzzz0/dbx.log.jsonl",
    '{"event":"dbx/start","ts":1}\n{"event":"dbx/end","ts":2,"status":"failed"}\n',
  );
  const ended = await ask();
  assertEquals([ended.looks, ended.rows.at(-1)], [["", "zzzzzzzzzzzzz"], ["zzzzzzzzzzzz0", "failed"]]);
  await tick();
  await createRun(world.store, world.names(2).experiment, {});
  const more = await ask();
  assertEquals([more.looks.length, more.rows.length], [8, 8]);
});

Deno.test("SessionCache: whatever changes is seen by the next question [slow]", async () => {
  await using world = await World.make();
  const { store, path } = world;
  const [first, second, third] = [world.names(0), world.names(1), world.names(2)];
  const running = "zzzzzzzzzzzzz/runs/zzzzzzzzzzzz0";
  const { mtime } = Deno.statSync(`${path}/${running}/log.jsonl`);
  using extender = new LogAppender(store.folder);
  const notes = (name: string) => `${name}/notes/0000000000001.log.jsonl`;
  const tag = (name: string) => `{"event":"dbx/tag","ts":1,"tag":"${name}"}\n`;
  const ways: Readonly<Record<string, () => unknown>> = {
    "a line of a run that goes on": () => world.write(`${running}/log.jsonl`, LINE),
    "a line, and the old time": () => {
      world.write(`${running}/log.jsonl`, LINE);
      Deno.utimeSync(`${path}/${running}/log.jsonl`, mtime!, mtime!);
    },
    "a log of a run that goes on": () => world.write(`${running}/more.log.jsonl`, LINE),
    "a torn line": () => world.write(`${running}/log.jsonl`, LINE.slice(0, 9)),
    "a log written anew": () => Deno.writeTextFileSync(`${path}/${running}/log.jsonl`, LINE + LINE),
    "a log that goes": () => Deno.removeSync(`${path}/${running}/more.log.jsonl`),
    "another run beside it": () => {
      Deno.mkdirSync(`${path}/zzzzzzzzzzzzz/runs/zzzzzzzzzzzz1`);
      world.write(
        "zzzzzzzzzzzzz/runs/zzzzzzzzzzzz1/meta.json",
        '{"id":"zzzzzzzzzzzz1","createdAt":"2026-01-01T00:00:00Z"}',
      );
    },
    "notes by hand of what goes on": () => {
      Deno.mkdirSync(`${path}/zzzzzzzzzzzzz/notes`);
      world.write(notes("zzzzzzzzzzzzz"), tag("a"));
    },
    "more of them": () => world.write(notes("zzzzzzzzzzzzz"), tag("b")),
    "a first note": () => appendNote(store, first.experiment, "dbx/tag", { tag: "good" }),
    "a further note": () => appendNote(store, first.experiment, "dbx/note", { text: "so it is" }),
    "a deletion": () => appendNote(store, second.experiment, "dbx/delete", {}),
    "a restoration": () => appendNote(store, second.experiment, "dbx/restore", {}),
    "a note by a server": () => extender.extend(store.path(notes(third.experiment)), 0, encoder.encode(tag("c"))),
    "a run": async () => {
      const { folder } = await createRun(store, third.experiment, { id: "zzzzzzzzzzzz3" });
      world.write(`${folder}/log.jsonl`, LINE);
    },
    "its lines": () => world.write(`${third.experiment}/runs/zzzzzzzzzzzz3/log.jsonl`, LINE),
    "a line of a closed run": () =>
      extender.extend(store.path(`${first.run}/log.jsonl`), undefined, encoder.encode(LINE)),
    "a log of a closed run": () => extender.extend(store.path(`${second.run}/more.log.jsonl`), 0, encoder.encode(LINE)),
    "an experiment": () => createExperiment(store, { id: "zzzzzzzzzzzz5", name: "below" }),
    "an experiment beside that": () => createExperiment(store, { id: "zzzzzzzzzzzz6", name: "below" }),
    "a line of another program, and a full index": async () => {
      world.write(`${world.names(5).run}/log.jsonl`, LINE);
      const other = await world.open();
      other.index.worthWriting = { bytes: 0, logs: 1 };
      await takeSnapshot([other], NEEDS, { now: Date.now(), full: true });
      (other.repository.catalogue as FileCatalogue).save();
    },
    "a folder that goes": () => Deno.removeSync(`${path}/${world.names(4).experiment}`, { recursive: true }),
    "a run that is purged": () => store.purge([runId(0)]),
    "an index that goes": () => Deno.removeSync(`${path}/.dbx/index`, { recursive: true }),
    "another repository in its place": () => {
      Deno.renameSync(path, `${path}-away`);
      makeGrowthRepository(path, { experiments: 3, events: 3, lives: true, seals: true });
    },
    "the first one again": () => {
      Deno.removeSync(path, { recursive: true });
      Deno.renameSync(`${path}-away`, path);
    },
  };
  for (const [way, change] of Object.entries(ways)) {
    await world.hold();
    const before = await world.ask();
    for (let turn = 0; turn < 2; turn++) await world.ask(ENTITIES);
    await tick();
    await change();
    assertEquals(await world.ask(ENTITIES), await world.truth(ENTITIES), way);
    const after = await world.ask();
    assertEquals(after, await world.truth(), way);
    assert(NOT_SHOWN.has(way) || textOf(after) !== textOf(before), `${way} changes nothing`);
  }
});

Deno.test("SessionCache: what a program changes that does not show it is seen after a look at everything [slow]", async () => {
  await using world = await World.make({ wholeLookMs: 0, goesOn: false });
  const { experiment } = world.names(3);
  Deno.mkdirSync(`${world.path}/${experiment}/runs/zzzzzzzzzzzz4`);
  world.write(
    `${experiment}/runs/zzzzzzzzzzzz4/meta.json`,
    '{"id":"zzzzzzzzzzzz4","createdAt":"2026-01-01T00:00:00Z"}',
  );
  const truth = textOf(await world.truth());
  const until = Date.now() + 60_000;
  while (textOf(await world.ask()) !== truth) {
    assert(Date.now() < until, "it is not seen");
    await tick();
  }
});

Deno.test("SessionCache: notes that another program appends to or brings are seen after a look at everything [slow]", async () => {
  await using world = await World.make({ wholeLookMs: 0, goesOn: false, isExact: true });
  const { experiment } = world.names(3);
  await appendNote(world.store, experiment, "dbx/tag", { tag: "own" });
  const [{ name }] = [...Deno.readDirSync(`${world.path}/${experiment}/notes`)];
  for (const [file, tag] of [[name, "appended"], ["0000000000001.log.jsonl", "brought"]]) {
    await world.settle();
    for (let turn = 0; turn < 4; turn++) await world.ask();
    await world.hold();
    world.write(`${experiment}/notes/${file}`, `{"event":"dbx/tag","ts":1,"tag":"${tag}"}\n`);
    const truth = textOf(await world.truth());
    assertStringIncludes(truth, tag);
    const until = Date.now() + 60_000;
    while (textOf(await world.ask()) !== truth) {
      assert(Date.now() < until, `${tag} is not seen`);
      await tick();
    }
  }
});

Deno.test("SessionCache: ages, and how runs are doing that go on, are those of the moment", async () => {
  await using world = await World.make();
  const sql = "SELECT age_ms FROM experiments ORDER BY id LIMIT 1";
  const [[before]] = await world.ask(sql, { now: 1e12 });
  const [[after]] = await world.ask(sql, { now: 1e12 + 5000 });
  assertEquals(Number(after) - Number(before), 5000);
  const source = await world.open();
  const request = { cols: ["age"], sort: "-created", limit: 1 };
  const ages: unknown[] = [];
  for (const now of [1e12, 1e12, 1e12 + 7000]) {
    ages.push((await listExperiments(source, request, { now, views: world.views })).rows[0][0]);
  }
  assertEquals(Number(ages[2]) - Number(ages[1]), 7000);
  const life = "zzzzzzzzzzzzz/runs/zzzzzzzzzzzz0/dbx.log.jsonl";
  world.write(life, `{"event":"dbx/start","ts":${Date.now()}}\n`);
  const status = async (now?: number) => (await world.ask("SELECT status FROM runs ORDER BY run", { now })).at(-1);
  assertEquals([await status(), await status(), await status(Date.now() + 1e9)], [["running"], ["running"], ["lost"]]);
});
