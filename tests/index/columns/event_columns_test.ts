import { quoteNonstandardNumbers } from "../../../lib/format/json/nonstandard_numbers.ts";
import { parseEvent } from "../../../lib/format/events/parse_event.ts";
import { patternOf } from "../../../lib/format/events/series_key.ts";
import { coordinateOf, eventColumn, eventNames, type LeafVector } from "../../../lib/index/columns/event_columns.ts";
import { EventPath } from "../../../lib/index/columns/event_path.ts";
import { LogIndex, type PartRef } from "../../../lib/index/log_index.ts";
import { type ExactJson, getPath, parseExact, valueOf } from "../../../lib/query/values/json_values.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random, testSeed } from "../../format/random.ts";
import { anyLine } from "../random_events.ts";

const PATHS = [
  ["x"],
  ["y"],
  ["a"],
  ["a", "b"],
  ["a", "b", "c"],
  ["a.b"],
  ["a.b", "c"],
  ["list"],
  ["list", "0"],
  ["list", "1", "z"],
  ["long", "300"],
  ["file", "sha256"],
  ["file"],
  ["x", "_dbx"],
  ["step"],
  ["ts"],
  ["nothing"],
  ["a\\", "b"],
  ["empty"],
  ["empty", "b"],
];

function valueAt(vector: LeafVector, row: number): Value {
  if (vector.kind === "constant") return vector.value;
  if (vector.kind === "any") return vector.values[row];
  if (vector.kind === "text") return vector.codes[row] < 0 ? null : vector.words[vector.codes[row]];
  const number = vector.data[row];
  if (Number.isNaN(number)) return null;
  assert(vector.type === "numeric" || Number.isSafeInteger(number));
  return Number.isSafeInteger(number) ? BigInt(number) : number;
}

/** Compares every leaf of every event with its line; how many cells the index knew, and how many not. */
function compare(parts: readonly PartRef[], lines: readonly string[], version: 0 | 1, told: string) {
  let [known, unknown, events] = [0, 0, 0];
  const paths = PATHS.map((keys) => [keys, new EventPath(keys)] as const);
  for (const { pack, part } of parts) {
    const { parts, groups, strings } = pack.directory;
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      const rows = pack.column(groups.line[group]);
      const texts = Array.from(rows, (line) => lines[parts.firstLine[part] + line]);
      const own = texts.map((text) => parseEvent(text, version));
      const names = eventNames(pack, group);
      own.forEach(({ event }, row) => {
        const { pattern, coordinates } = patternOf(event);
        assertEquals(strings[groups.pattern[group]], pattern);
        if (names !== undefined) assertEquals(typeof names === "string" ? names : names(row), event, told);
        for (let c = 0; c < 8; c++) assertEquals(coordinateOf(pack, group, c)?.[row], coordinates[c], told);
      });
      if (names === undefined) assert(own.some(({ event }) => /\/0\d|^0\d|1\/2\/3/.test(event)));
      events += own.length;
      for (const [keys, path] of paths) {
        const column = eventColumn(pack, group, path);
        texts.forEach((text, row) => {
          if (column.unknown?.[row] === 1) return unknown++;
          known++;
          const json = parseExact(quoteNonstandardNumbers(text) ?? text) as Record<string, ExactJson>;
          delete json.event;
          if (own[row].ts !== undefined) delete json.ts;
          const expected = valueOf(getPath(json, keys));
          assertEquals(valueAt(column.vector, row), expected, `${told}: ${keys.join(" ")} of ${text.slice(0, 300)}`);
        });
      }
    }
  }
  return { known, unknown, events };
}

Deno.test("eventColumn: what the line says, or that the line has to be read, in parts, joined and copied", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  let [known, unknown] = [0, 0];
  for (let round = 0; round < 8; round++) {
    await using folder = await scratch();
    const version = round % 4 === 3 ? 0 : 1;
    const logs = ["a.jsonl", "b.jsonl"].map((path) => ({ path, lines: [] as string[] }));
    const list = () =>
      logs.map(({ path }) => {
        const { size } = Deno.statSync(`${folder.path}/${path}`);
        return { path, version, size, modifiedAt: size, points: path === "a.jsonl" } as const;
      });
    const open = () => {
      const index = new LogIndex(new LocalStore(folder.path), { folder: `${folder.path}/index` });
      index.worthWriting = { bytes: 0, logs: 1 };
      return index;
    };
    let index = open();
    for (let turn = 0; turn < 14; turn++) {
      for (const { path, lines } of logs) {
        const more = Array.from({ length: random.below(40) }, () => anyLine(random));
        if (random.next() < 0.1) more.push("no event");
        lines.push(...more);
        Deno.writeTextFileSync(`${folder.path}/${path}`, more.map((line) => line + "\n").join(""), { append: true });
      }
      await index.update(list());
      if (random.next() < 0.3) index = open();
    }
    await index.update(list());
    for (const { path, lines } of logs) {
      const told = `seed ${seed}, round ${round}, ${path}`;
      const found = compare(index.parts(path)!, lines, version, told);
      assertEquals(found.events, lines.filter((line) => line !== "no event").length, told);
      known += found.known;
      unknown += found.unknown;
    }
  }
  assert(known > unknown * 3, `${known} known, ${unknown} not`);
});

Deno.test("eventColumn: numbers are kept once, and words cost what they are", async () => {
  await using folder = await scratch();
  const lines = Array.from({ length: 20_000 }, (_, i) =>
    JSON.stringify({
      event: `train/epoch/${Math.floor(i / 100)}/step/${i % 100}`,
      ts: 1.7e12 + i,
      loss: Math.sqrt(i),
      phase: i % 3 === 0 ? "val" : "train",
      model: "resnet",
      ok: true,
      text: `a text that no other event has, such as what a model said to question ${i}`,
    }) + "\n");
  Deno.writeTextFileSync(`${folder.path}/log.jsonl`, lines.join(""));
  const index = new LogIndex(new LocalStore(folder.path), { folder: `${folder.path}/index` });
  const size = lines.reduce((sum, line) => sum + line.length, 0);
  await index.update([{ path: "log.jsonl", version: 1, size, modifiedAt: 1, points: true }]);
  const [{ pack }] = index.parts("log.jsonl")!;
  const path = (name: string) => eventColumn(pack, 0, new EventPath([name]));
  // Of a series, the column itself.
  const { series } = pack.directory;
  assert((path("loss").vector as { data: Float64Array }).data === pack.column(series.values[0]));
  assertEquals(path("model"), { vector: { kind: "constant", value: "resnet" }, unknown: undefined });
  assertEquals(path("ok"), { vector: { kind: "constant", value: 1n }, unknown: undefined });
  assertEquals((path("phase").vector as { words: readonly string[] }).words.toSorted(), ["train", "val"]);
  assert(path("text").unknown!.filter((it) => it === 1).length > 5000, "prose is not kept");
  // Loss 8 bytes, epoch 1, step 1, offset 4, phase 1, and some words.
  assert(pack.size < 20_000 * 75, `${pack.size / 20_000} bytes an event`);
});
