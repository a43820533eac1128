import { assert, assertEquals, assertRejects } from "../../assert.ts";
import type { ForeignReader, ForeignRecord, ReadOptions } from "../../../lib/interop/foreign.ts";
import { described, float, rawNumber } from "../../../lib/interop/values.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { scratch } from "../../e2e/dbx.ts";
import { contentsOf, definitionsOf, importInto, linesOf } from "../import_into.ts";

/** A reader of records that a test makes: of each source those behind its position, with a position behind each. */
function readerOf(sources: Readonly<Record<string, readonly ForeignRecord[]>>): ForeignReader {
  return {
    kind: "made",
    title: "made records",
    detect: () => Promise.resolve(true),
    async *open(_path: string, { positions }: ReadOptions) {
      for (const [source, records] of Object.entries(sources)) {
        const from = Number(positions.get(source) ?? 0);
        yield [{ type: "source", source }] as const;
        for (const [at, record] of records.entries()) {
          if (at >= from) yield [record, { type: "position", state: at + 1 }] as const;
        }
      }
    },
  };
}

const RUN: ForeignRecord = {
  type: "run",
  key: "r1",
  kind: "train",
  name: "a/./runs//.x/0123456789abc/C:",
  params: { lr: float(1), whole: 1, nan: float(NaN), none: null, yes: true, text: "t", list: [float(2), [3]] },
  createdAt: 1700000000000,
  tags: ["one"],
  notes: ["a note"],
};
const EVENTS: ForeignRecord[] = Array.from({ length: 9 }, (_, step) => {
  return {
    type: "event",
    run: "r1",
    log: "log",
    name: "log",
    ts: 1700000000000 + step,
    data: { step, loss: float(step) },
  };
});
const FILE: ForeignRecord = { type: "file", run: "r1", name: "a.bin", content: { bytes: Uint8Array.from([1, 2]) } };
const END: ForeignRecord = { type: "end", run: "r1", status: "finished", exitCode: 0, ts: 1700000000100 };
const ALL = [RUN, ...EVENTS, FILE, END];

Deno.test("import: types of values, names that dbx refuses, and the end of a run", async () => {
  await using folder = await scratch();
  const odd: ForeignRecord[] = [
    { type: "event", run: "r1", log: "../a b", name: "dbx/end", ts: 1.9, data: { event: "e", ts: 5, _ts: 6 } },
    { type: "event", run: "r1", log: "../a_b", name: "a\nb", ts: undefined, data: { x: rawNumber("1.50") } },
    { type: "event", run: "r1", log: "log", name: "", ts: 1, body: '{"y":2.0}' },
    { type: "event", run: "r1", log: "log", name: "s", ts: 1, data: { summary: described("summary", { z: 1 }) } },
    { type: "event", run: "not begun", log: "log", name: "lost", ts: 1 },
  ];
  const repository = `${folder.path}/output`;
  const report = await importInto(repository, readerOf({ s: [...ALL, ...odd] }), "");
  assertEquals(report.runs.map(({ events, files, isNew }) => ({ events, files, isNew })), [{
    events: 13,
    files: 1,
    isNew: true,
  }]);
  const [{ params, name, createdAt }] = await definitionsOf(repository);
  assertEquals({ name, createdAt }, { name: "a/_/runs_/_x/0123456789abc_/C_", createdAt: "2023-11-14T22:13:20.000Z" });
  assertEquals(params, { lr: 1, whole: 1, nan: { _dbx: "nan" }, none: null, yes: true, text: "t", list: [2, [3]] });
  const text = [...await contentsOf(repository)].map(([, bytes]) =>
    new TextDecoder().decode(Uint8Array.fromBase64(bytes))
  ).join("");
  for (
    const part of [
      '"lr": 1.0',
      '{"event":"log","ts":1700000000003,"step":3,"loss":3.0}\n',
      '{"event":"_dbx/end","ts":1,"_event":"e","__ts":5,"_ts":6}\n',
      '{"event":"a�b","x":1.50}\n',
      '{"event":"unnamed","ts":1,"y":2.0}\n',
      '"status":"finished","exitCode":0,"durationMs":100,"sha256"',
    ]
  ) assert(text.includes(part), part);
  assert(!text.includes('"lost"'));
});

Deno.test("import: interrupted anywhere, it goes on, and the repository is the same in the end [slow]", async () => {
  await using folder = await scratch();
  const whole = `${folder.path}/whole`;
  await importInto(whole, readerOf({ s: ALL }), "");
  const expected = withoutNotes(await contentsOf(whole));
  for (const isForgetful of [false, true]) {
    for (let stop = 0; stop < ALL.length; stop++) {
      const repository = `${folder.path}/${isForgetful} ${stop}`;
      const broken = { ...readerOf({}), open: () => stopping(readerOf({ s: ALL }), stop) };
      await assertRejects(() => importInto(repository, broken, "", { isForgetful }), Error, "stopped");
      await importInto(repository, readerOf({ s: ALL }), "", { isForgetful });
      assertEquals(withoutNotes(await contentsOf(repository)), expected, `${stop}`);
      const again = await importInto(repository, readerOf({ s: ALL }), "", { isForgetful });
      assertEquals(again.runs, []);
    }
  }
});

async function* stopping(reader: ForeignReader, after: number) {
  let count = 0;
  for await (const batch of reader.open("", { positions: new Map(), scratch: () => Promise.resolve("") })) {
    yield batch;
    if (count++ === after) throw new Error("stopped");
  }
}

/** Notes are those of a copy: their times and names are not the same in another one. */
function withoutNotes(contents: Map<string, string>): Map<string, string> {
  return new Map([...contents].filter(([name]) => !name.includes("/notes/")));
}

Deno.test("import: a log that lost lines since is filled up again, although the position says more", async () => {
  await using folder = await scratch();
  await importInto(folder.path, readerOf({ s: ALL }), "");
  const expected = await contentsOf(folder.path);
  const [log] = [...expected.keys()].filter((name) => name.endsWith("/log.jsonl"));
  const path = `${folder.path}/${log}`;
  await Deno.truncate(path, 200);
  await importInto(folder.path, readerOf({ s: ALL }), "");
  assertEquals(await contentsOf(folder.path), expected);
});

Deno.test("import: tags and notes come once, and one that was taken away stays away", async () => {
  await using folder = await scratch();
  const reader = readerOf({ s: ALL });
  await importInto(folder.path, reader, "", { tags: ["thesis"] });
  const notes = () => linesOf(folder.path, (name) => /^[0-9a-z]{13}\.log\.jsonl$/.test(name));
  assertEquals((await notes()).map(({ tag, text }) => tag ?? text), ["one", "thesis", "a note"]);
  const [name] = [...(await contentsOf(folder.path)).keys()].filter((name) => name.includes("/notes/"));
  await appendNote(new LocalStore(folder.path), name.slice(0, name.indexOf("/notes/")), "dbx/tag", {
    tag: "one",
    remove: true,
  });
  await importInto(folder.path, reader, "", { tags: ["thesis"], isForgetful: true });
  assertEquals((await notes()).length, 4);
});

Deno.test("import: params that changed at the source, and a run of a new name, change nothing that is there", async () => {
  await using folder = await scratch();
  await importInto(folder.path, readerOf({ s: ALL }), "");
  const changed = { ...RUN, name: "elsewhere", params: { lr: 2 } } as ForeignRecord;
  const report = await importInto(folder.path, readerOf({ s: [changed, ...EVENTS] }), "", { isForgetful: true });
  assertEquals(report.problems.length, 1);
  assert(report.problems[0].what.includes("params have changed"), report.problems[0].what);
  const definitions = await definitionsOf(folder.path);
  assertEquals(definitions.map(({ name }) => name), ["a/_/runs_/_x/0123456789abc_/C_"]);
});

Deno.test("import: only runs that are selected; the others come with a later import", async () => {
  await using folder = await scratch();
  const other = ALL.map((record) => ({
    ...record,
    ...("run" in record ? { run: "r2" } : { key: "r2", name: "b" }),
  })) as ForeignRecord[];
  const reader = readerOf({ s: ALL, t: other });
  const report = await importInto(folder.path, reader, "", { select: ["b*"], isForgetful: true });
  assertEquals(report.runs.map(({ name }) => name), ["b"]);
  const all = await importInto(folder.path, reader, "", { isForgetful: true });
  assertEquals(all.runs.map(({ events }) => events), [9]);
});
