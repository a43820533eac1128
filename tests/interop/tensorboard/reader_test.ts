import { assert, assertEquals } from "../../assert.ts";
import { concat } from "../../../lib/base/bytes.ts";
import type { EventRecord } from "../../../lib/interop/foreign.ts";
import { reader } from "../../../lib/interop/tensorboard/reader.ts";
import { scratch } from "../../e2e/dbx.ts";
import { eventRecord, field, message, scalar, version } from "../encode.ts";
import { contentsOf, importInto, linesOf, recordsOf } from "../import_into.ts";

const NAME = "events.out.tfevents.1700000000.host.1.0";
const RECORDS = [
  version(1700000000),
  ...[0, 1, 2, 3].map((step) => scalar("loss", step, 1700000001 + step, 1 / (step + 1))),
];
const WHOLE = concat(RECORDS);
/** Where each record ends. */
const ENDS = RECORDS.map((_, at) => concat(RECORDS.slice(0, at + 1)).length);

/** The steps that are read of a file of these bytes. */
async function stepsOf(folder: string, bytes: Uint8Array) {
  const runs = await Deno.makeTempDir({ dir: folder });
  await Deno.writeFile(`${runs}/${NAME}`, bytes);
  const records = await recordsOf(reader, runs);
  const steps = records.filter((record) => record.type === "event").map((record) => stepOf(record));
  return { steps, problems: records.filter((record) => record.type === "problem") };
}

function stepOf({ body, data }: EventRecord): unknown {
  return body === undefined ? data?.step : JSON.parse(body).step;
}

Deno.test("tensorboard: of a file that ends at any byte, all whole records are read, and a torn end waits", async () => {
  await using folder = await scratch();
  for (let length = 0; length <= WHOLE.length; length++) {
    const { steps, problems } = await stepsOf(folder.path, WHOLE.subarray(0, length));
    const whole = ENDS.filter((end) => end <= length).length;
    assertEquals(steps, [0, 1, 2, 3].slice(0, Math.max(0, whole - 1)), `${length} bytes`);
    const isTorn = whole > 0 && !ENDS.includes(length);
    assertEquals(problems.map(({ at, isWaiting }) => [at?.number, isWaiting]), isTorn ? [[ENDS[whole - 1], true]] : []);
  }
});

Deno.test("tensorboard: a damaged byte costs the record that it is in, and its place is said", async () => {
  await using folder = await scratch();
  for (let at = ENDS[0]; at < ENDS[3]; at++) {
    const bytes = WHOLE.slice();
    bytes[at] ^= 0x10;
    const { steps, problems } = await stepsOf(folder.path, bytes);
    const hit = ENDS.findIndex((end) => at < end);
    assertEquals(steps, [0, 1, 2, 3].filter((step) => step !== hit - 1), `byte ${at}`);
    assertEquals(problems.map((problem) => problem.at?.number), [ENDS[hit - 1]], `byte ${at}`);
  }
});

Deno.test("tensorboard: bytes that are a record and no event are reported, and random ones hang nothing", async () => {
  await using folder = await scratch();
  const noEvent = eventRecord(Uint8Array.from([0xff, 0xff, 0xff]));
  const { steps, problems } = await stepsOf(folder.path, concat([RECORDS[0], noEvent, ...RECORDS.slice(1)]));
  assertEquals([steps, problems.length], [[0, 1, 2, 3], 1]);
  for (let seed = 1; seed < 40; seed++) {
    const random = Uint8Array.from({ length: 200 }, (_, at) => Math.imul(seed * 2654435761, at + 7) >>> 24);
    const found = await stepsOf(folder.path, concat([RECORDS[0], random, ...RECORDS.slice(1)]));
    assertEquals([found.steps, found.problems.length], [[0, 1, 2, 3], 1]);
    // As the contents of a record, they are an event of some kind or a problem.
    await stepsOf(folder.path, concat([RECORDS[0], eventRecord(random), eventRecord(message(field(5, random)))]));
  }
});

Deno.test("tensorboard: a file that grows is read from where it ended, with or without the positions", async () => {
  await using folder = await scratch();
  const runs = `${folder.path}/runs`;
  await Deno.mkdir(runs);
  for (const isForgetful of [false, true]) {
    const repository = `${folder.path}/output ${isForgetful}`;
    let events = 0;
    for (const length of [ENDS[0], ENDS[1] + 5, ENDS[2], ENDS[2], WHOLE.length, WHOLE.length]) {
      await Deno.writeFile(`${runs}/${NAME}`, WHOLE.subarray(0, length));
      const report = await importInto(repository, reader, runs, { isForgetful });
      events += report.runs.reduce((sum, run) => sum + run.events, 0);
    }
    assertEquals(events, 4);
    assertEquals((await linesOf(repository, () => true)).map(({ step }) => step), [0, 1, 2, 3]);
  }
  const [a, b] = [await contentsOf(`${folder.path}/output false`), await contentsOf(`${folder.path}/output true`)];
  assertEquals(a, b);
});

Deno.test("tensorboard: several files of a folder are logs of one run; a folder below it is another run", async () => {
  await using folder = await scratch();
  const runs = `${folder.path}/runs`;
  await Deno.mkdir(`${runs}/a/eval`, { recursive: true });
  await Deno.writeFile(`${runs}/a/${NAME}`, WHOLE);
  await Deno.writeFile(
    `${runs}/a/${NAME.replace("1700000000", "1700000009")}`,
    concat([version(1700000009), RECORDS[1]]),
  );
  await Deno.writeFile(`${runs}/a/eval/${NAME}`, concat([version(1700000001), RECORDS[2]]));
  const report = await importInto(`${folder.path}/output`, reader, runs);
  assertEquals(report.runs.map(({ name, events }) => [name, events]).sort(), [["a", 5], ["a/eval", 1]]);
  const again = await importInto(`${folder.path}/output`, reader, runs, { isForgetful: true });
  assertEquals(again.runs, []);
});

Deno.test("tensorboard: a file that was replaced by another one changes nothing that is there, and is reported", async () => {
  await using folder = await scratch();
  const runs = `${folder.path}/runs`;
  await Deno.mkdir(runs);
  await Deno.writeFile(`${runs}/${NAME}`, WHOLE);
  const repository = `${folder.path}/output`;
  await importInto(repository, reader, runs);
  const before = await contentsOf(repository);
  await Deno.writeFile(`${runs}/${NAME}`, concat([RECORDS[0], RECORDS[2], RECORDS[1], RECORDS[1], RECORDS[3]]));
  const report = await importInto(repository, reader, runs, { isForgetful: true });
  assertEquals(report.problems.length, 1);
  assert(
    report.problems[0].what.includes("what was imported of it before is no longer in it"),
    report.problems[0].what,
  );
  assertEquals(await contentsOf(repository), before);
});

Deno.test("tensorboard: a copy of a run in another folder adds nothing, nor do the bytes that it lacks", async () => {
  await using folder = await scratch();
  const runs = `${folder.path}/runs`;
  for (const [name, length] of [["a", WHOLE.length], ["backup", ENDS[2]]] as const) {
    await Deno.mkdir(`${runs}/${name}`, { recursive: true });
    await Deno.writeFile(`${runs}/${name}/${NAME}`, WHOLE.subarray(0, length));
  }
  const report = await importInto(`${folder.path}/output`, reader, runs);
  assertEquals([report.runs.map(({ events }) => events), report.problems], [[4], []]);
  assertEquals((await linesOf(`${folder.path}/output`, () => true)).map(({ step }) => step), [0, 1, 2, 3]);
});
