import { LATEST_CLOCK } from "../../../lib/format/events/note_times.ts";
import { createExperiment, createRun } from "../../../lib/logger/create.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { replicaId } from "../../../lib/logger/replica.ts";
import { initRepository, openReader } from "../../../lib/repo/open.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { sync } from "../../../lib/sync/sync.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../assert.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";

/** Two copies of a repository with one experiment. */
async function twoCopies(root: string) {
  const [a, b] = [new LocalStore(`${root}/a`), new LocalStore(`${root}/b`)];
  await initRepository(a.location);
  const { folder, definition } = await createExperiment(a, { kind: "k" });
  await sync(a, b);
  const isDeleted = async (store: LocalStore): Promise<boolean> =>
    (await (await openReader(store)).findExperiment(definition.id)).notes().then(({ deleted }) => deleted);
  return { a, b, folder, id: definition.id, isDeleted };
}

const DAY = 86_400_000;
const NOW = 1_770_000_000_000;

Deno.test("notes: the last word counts, though it was said by a clock that is years behind", async () => {
  await using scratched = await scratch();
  const { a, b, folder, isDeleted } = await twoCopies(scratched.path);
  await appendNote(a, folder, "dbx/delete", {}, NOW + 1000 * DAY);
  await sync(a, b);
  assertEquals(await isDeleted(b), true);
  await appendNote(b, folder, "dbx/restore", {}, NOW);
  assertEquals(await isDeleted(b), false);
  await sync(a, b);
  assertEquals([await isDeleted(a), await isDeleted(b)], [false, false]);
  // The other way round, and once more.
  await appendNote(a, folder, "dbx/delete", {}, NOW - 1000 * DAY);
  await sync(a, b);
  assertEquals([await isDeleted(a), await isDeleted(b)], [true, true]);
  await appendNote(b, folder, "dbx/restore", {}, 1);
  assertEquals(await isDeleted(b), false);
});

Deno.test("notes: after the clock of one copy was set back, its last word counts, also in what older programs wrote", async () => {
  await using scratched = await scratch();
  const { a, folder, isDeleted } = await twoCopies(scratched.path);
  await appendNote(a, folder, "dbx/delete", {}, NOW);
  await appendNote(a, folder, "dbx/restore", {}, NOW - DAY);
  assertEquals(await isDeleted(a), false);
  const old = `{"event":"dbx/delete","ts":${NOW + DAY}}\n{"event":"dbx/restore","ts":${NOW}}\n`;
  await a.append(`${folder}/notes/0000000000old.log.jsonl`, 0, new TextEncoder().encode(old));
  assertEquals(await isDeleted(a), false);
});

for (const ts of ["9007199254740992", "9007199254740991", "1e308", String(LATEST_CLOCK), "8640000000000001"]) {
  Deno.test(`notes: a deletion at the time ${ts} is not final`, async () => {
    await using scratched = await scratch();
    const { a, b, folder, isDeleted } = await twoCopies(scratched.path);
    const line = `{"event":"dbx/note","ts":5,"text":"x"}\n{"event":"dbx/delete","ts":${ts}}\n`;
    await a.append(`${folder}/notes/000000broken0.log.jsonl`, 0, new TextEncoder().encode(line));
    for (let turn = 0; turn < 3; turn++) {
      await sync(a, b);
      await appendNote(b, folder, "dbx/restore", {}, NOW + turn);
      assertEquals(await isDeleted(b), false, `restored in turn ${turn}`);
      await sync(a, b);
      await appendNote(a, folder, "dbx/delete", {}, NOW - turn * DAY);
      assertEquals(await isDeleted(a), true, `deleted in turn ${turn}`);
    }
  });
}

Deno.test("notes: many writers at once get times that ascend [F50]", async () => {
  await using scratched = await scratch();
  const { a, folder, id } = await twoCopies(scratched.path);
  await Promise.all(Array.from({ length: 20 }, (_, at) => appendNote(a, folder, "dbx/note", { text: `${at}` }, NOW)));
  const [log] = await (await (await openReader(a)).findExperiment(id)).noteLogs();
  const times = (await Array.fromAsync(log.read())).map(({ ts }) => ts);
  assertEquals(times, Array.from({ length: 20 }, (_, at) => NOW + at));
});

Deno.test("replicaId: stays in its place; a copy, a restored backup and a moved folder get another [F56]", async () => {
  await using scratched = await scratch();
  const { a, folder } = await twoCopies(scratched.path);
  await appendNote(a, folder, "dbx/tag", { tag: "t" });
  const id = await replicaId(a);
  assertEquals([await replicaId(a), await replicaId(new LocalStore(a.location))], [id, id]);
  assertEquals(
    new Set(await Promise.all(Array.from({ length: 5 }, () => replicaId(new LocalStore(a.location))))).size,
    1,
  );
  const cp = async (from: string, to: string) => {
    const { success } = await new Deno.Command("cp", { args: ["-a", from, to] }).output();
    assert(success);
  };
  await cp(a.location, `${scratched.path}/copy`);
  const copy = new LocalStore(`${scratched.path}/copy`);
  const other = await replicaId(copy);
  assert(other !== id);
  assertEquals([await replicaId(copy), await replicaId(a)], [other, id]);
  // Restored from a backup into the same place: what was written since the backup has gone elsewhere already.
  await Deno.rename(a.location, `${scratched.path}/away`);
  await cp(`${scratched.path}/away`, a.location);
  const restored = await replicaId(a);
  assert(restored !== id && restored !== other);
  // Reached by a link it is the same place.
  await Deno.symlink(a.location, `${scratched.path}/link`);
  assertEquals(await replicaId(new LocalStore(`${scratched.path}/link`)), restored);
});

Deno.test("replicaId: after cp -r both copies are noted in, synchronised, and agree [F56]", async () => {
  await using scratched = await scratch();
  const { a, folder, id } = await twoCopies(scratched.path);
  await appendNote(a, folder, "dbx/tag", { tag: "first" });
  await new Deno.Command("cp", { args: ["-r", a.location, `${scratched.path}/c`] }).output();
  const c = new LocalStore(`${scratched.path}/c`);
  await appendNote(a, folder, "dbx/tag", { tag: "of a" });
  await appendNote(c, folder, "dbx/tag", { tag: "of c" });
  assertEquals((await sync(a, c)).setbacks, []);
  for (const store of [a, c]) {
    const { tags } = await (await (await openReader(store)).findExperiment(id)).notes();
    assertEquals([...tags].sort(), ["first", "of a", "of c"]);
  }
});

Deno.test("replicaId: a file of an older program, or a torn one, is no trap [F57]", async () => {
  await using scratched = await scratch();
  const { a } = await twoCopies(scratched.path);
  for (const text of ["0123456789abc\n", "{", "\0\0\0\n", ""]) {
    await Deno.mkdir(a.path(".dbx"), { recursive: true });
    await Deno.writeTextFile(a.path(".dbx/replica"), text);
    const id = await replicaId(a);
    assertMatch(id, /^[0-9a-z]{13}$/);
    assertEquals(await replicaId(a), id);
    // What it does not understand stays as it is.
    assert((await Deno.readTextFile(a.path(".dbx/replica"))).startsWith(text));
  }
});

Deno.test("dbx restore: brings back what a clock that is years ahead deleted", async () => {
  await using scratched = await scratch();
  const { a, folder, id } = await twoCopies(scratched.path);
  await appendNote(a, folder, "dbx/delete", {}, Date.now() + 5000 * DAY);
  const ended = await dbx(["restore", "-R", a.location, id]);
  assertEquals([ended.code, ended.stdout], [0, `${id} restored\n`]);
  assertEquals(JSON.parse((await dbx(["ls", "-R", a.location, "--json"])).stdout).length, 1);
});

Deno.test("appendNote: logs of notes with names that nothing can use keep nobody from noting", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  const notes = `${folder.path}/0notes0000exp/notes`;
  await Deno.mkdir(notes, { recursive: true });
  await Deno.writeTextFile(`${notes}/a\x1b[31m.log.jsonl`, `{"event":"dbx/tag","ts":1,"tag":"x"}\n`);
  await Deno.writeTextFile(`${notes}/a\\b.log.jsonl`, `{"event":"dbx/tag","ts":1,"tag":"x"}\n`);
  await new Deno.Command("sh", { args: ["-c", `: > "$(printf '${notes}/\\377.log.jsonl')"`] }).output();
  await appendNote(store, "0notes0000exp", "dbx/delete", {});
  const [name] = (await Array.fromAsync(Deno.readDir(notes))).map(({ name }) => name).filter((name) =>
    /^[0-9a-z]{13}\./.test(name)
  );
  assertStringIncludes(await Deno.readTextFile(`${notes}/${name}`), "dbx/delete");
});

Deno.test("notes: what is said of a run is the run's, in every table, by every way [slow]", async () => {
  await using scratched = await scratch();
  const { a, folder, id } = await twoCopies(scratched.path);
  const [one, two] = [(await createRun(a, folder, {})).definition.id, (await createRun(a, folder, {})).definition.id];
  const gone = "0gone00000000";
  for (
    const [event, data] of [
      ["dbx/tag", { tag: "best" }],
      ["dbx/tag", { tag: "best", run: one }],
      ["dbx/tag", { tag: "slow", run: two }],
      ["dbx/tag", { tag: "best", remove: true }],
      ["dbx/tag", { tag: "good" }],
      ["dbx/tag", { tag: "good", run: one, remove: true }],
      ["dbx/note", { text: "of all" }],
      ["dbx/note", { text: "of one", run: one }],
      ["dbx/note", { text: "of none", run: gone }],
    ] as const
  ) await appendNote(a, folder, event, data);
  const at = ["-R", a.location];
  const query = async (sql: string) => JSON.parse((await dbx(["query", ...at, "--json", sql])).stdout);
  for (const executor of ["", "WHERE json_valid(tags) = 1"]) {
    assertEquals(await query(`SELECT tags, note FROM experiments ${executor}`), [{ tags: '["good"]', note: "of all" }]);
    const runs = [{ run: one, tags: '["best"]' }, { run: two, tags: '["slow"]' }];
    assertEquals(await query(`SELECT run, tags FROM runs ${executor} ORDER BY tags`), runs);
  }
  assertEquals(await query("SELECT what, text, run FROM notes WHERE run IS NOT NULL ORDER BY ts"), [
    { what: "tag", text: "best", run: one },
    { what: "tag", text: "slow", run: two },
    { what: "untag", text: "good", run: one },
    { what: "note", text: "of one", run: one },
    { what: "note", text: "of none", run: gone },
  ]);
  // Also of a run that is not there.
  assertEquals(await query(`SELECT text FROM notes WHERE run = '${gone}'`), [{ text: "of none" }]);
  assertEquals(
    await query("SELECT n.text FROM notes n JOIN runs r ON r.run = n.run AND r.exp = n.exp WHERE what = 'note'"),
    [
      { text: "of one" },
    ],
  );
  assertEquals(
    await query("SELECT r.run, n.text FROM runs r JOIN notes n USING (run) WHERE n.what = 'tag' ORDER BY text"),
    [
      { run: one, text: "best" },
      { run: two, text: "slow" },
    ],
  );
  assertEquals(await query("SELECT count(*) AS n FROM notes n LEFT JOIN runs r USING (run) WHERE r.exp IS NULL"), [{
    n: 5,
  }]);
  const tagged = async (tag: string) => JSON.parse((await dbx(["ls", ...at, "--tag", tag, "--json"])).stdout).length;
  assertEquals([await tagged("good"), await tagged("best")], [1, 0]);
  const { stdout } = await dbx(["show", id, ...at]);
  assertMatch(stdout, new RegExp(`tags: +good\n`));
  assertMatch(stdout, new RegExp(`${one} .*best`));
  assertStringIncludes(stdout, "of one");
});

Deno.test("notes: a torn tail gives way to the next note", async () => {
  await using scratched = await scratch();
  const { a, folder, isDeleted } = await twoCopies(scratched.path);
  await appendNote(a, folder, "dbx/note", { text: "one" }, NOW);
  const [entry] = await Array.fromAsync(a.list(`${folder}/notes`));
  const name = `${folder}/notes/${entry.name}`;
  const first = Deno.readTextFileSync(a.path(name));
  for (const tail of ["", `{"event":"dbx/n`, `{"event":"dbx/delete","ts":${NOW + 1}`, "\xff"]) {
    Deno.writeTextFileSync(a.path(name), first + tail);
    await appendNote(a, folder, "dbx/delete", {}, NOW + 1);
    assertEquals(Deno.readTextFileSync(a.path(name)), `${first}{"event":"dbx/delete","ts":${NOW + 1}}\n`);
    assertEquals(await isDeleted(a), true);
  }
});
