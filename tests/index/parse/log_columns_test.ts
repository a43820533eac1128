import { encodeEvent } from "../../../lib/format/events/encode_event.ts";
import { parseEvent } from "../../../lib/format/events/parse_event.ts";
import { seriesOf } from "../../../lib/format/events/series_key.ts";
import { LogColumns, MAX_SERIES } from "../../../lib/index/parse/log_columns.ts";
import { assert, assertEquals } from "../../assert.ts";
import { Random, testSeed } from "../../format/random.ts";

const encoder = new TextEncoder();

type Points = Map<string, [step: number, ts: number, value: number][]>;

/** What the lines say, read one by one. */
function expected(lines: readonly Uint8Array<ArrayBuffer>[], version: 0 | 1): { points: Points; bad: number[] } {
  const points: Points = new Map();
  const bad: number[] = [];
  lines.forEach((line, at) => {
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line.subarray(0, -1));
      const event = parseEvent(text, version);
      for (const { key, step, value } of seriesOf(event)) {
        const list = points.get(key) ?? [];
        points.set(key, list);
        list.push([step ?? list.length, event.ts ?? NaN, value]);
      }
    } catch {
      bad.push(at);
    }
  });
  return { points, bad };
}

function columnsOf(columns: LogColumns): { points: Points; bad: number[] } {
  const points: Points = new Map();
  for (const group of columns.groups.values()) {
    for (const series of group.series.values()) {
      if (series.values.length === 0) continue;
      const list = Array.from(series.values.filled, (value, i): [number, number, number] => {
        const row = series.rows?.data[i] ?? i;
        const step = group.step.data[row];
        return [Number.isNaN(step) ? i : step, group.ts.data[row], value];
      });
      points.set(`${group.pattern}:${series.path}`, list);
    }
  }
  return { points, bad: columns.badLines.map(({ line }) => line) };
}

function check(
  lines: readonly Uint8Array<ArrayBuffer>[],
  version: 0 | 1,
  random: Random,
  columns = new LogColumns(),
): void {
  columns.begin(version);
  for (let at = 0; at < lines.length;) {
    const next = Math.min(lines.length, at + 1 + random.below(20));
    const piece = lines.slice(at, next);
    const bytes = new Uint8Array(piece.reduce((sum, line) => sum + line.length, 0));
    piece.reduce((offset, line) => (bytes.set(line, offset), offset + line.length), 0);
    columns.feed(bytes);
    at = next;
  }
  const sorted = ({ points, bad }: { points: Points; bad: number[] }) => ({
    points: [...points].sort(([a], [b]) => (a < b ? -1 : 1)),
    bad,
  });
  assertEquals(sorted(columnsOf(columns)), sorted(expected(lines, version)));
  assertEquals(columns.lines, lines.length);
}

/** A line as a trainer, or somebody with a grudge, writes it. */
function anyLine(random: Random, shape: number): string {
  const number = () =>
    random.pick([
      String(random.next()),
      String(random.below(9)),
      "1e-7",
      "-0",
      "NaN",
      '{"_dbx":"nan"}',
      "-Infinity",
      "1e999",
    ]);
  const name = random.pick([
    `train/epoch/${random.below(1e4)}`,
    `a/${random.below(9)}/b/007`,
    "val",
    "a:b*/*",
    "dbx/x",
    "12/x",
  ]);
  const space = shape % 3 === 0 ? " " : "";
  const fields = [`"event":${space}${JSON.stringify(name)}`];
  if (random.next() < 0.9) {
    fields.push(
      `"ts":${space}${
        random.pick(["1700000000000", "1.5", "1e999", '"x"', "null"].slice(0, random.next() < 0.1 ? 5 : 1))
      }`,
    );
  }
  if (shape % 2 === 0) {
    fields.push(
      `"step":${
        random.pick(
          ["1", "2.5", String(random.below(100)), '"3"', '{"_dbx":"nan"}'].slice(0, random.next() < 0.1 ? 5 : 3),
        )
      }`,
    );
  }
  for (let i = 0; i < 1 + shape % 4; i++) {
    const key = JSON.stringify(random.pick(["loss", "a.b", "ключ", "x y", `k${i}`]));
    const value = random.pick([
      number,
      number,
      number,
      () => JSON.stringify(random.pick(["text", 'quo"te', "ü", "\\", ""])),
      () => random.pick(["true", "false", "null", "{}", "[]"]),
      () => `[${number()},${number()}]`,
      () => `{"a":${number()},"b":{"c":${number()}}}`,
      () => `{"_dbx":"expfile","exp":"x","name":"n","sha256":"y","size":3}`,
    ])();
    fields.push(`${key}:${space}${value}`);
  }
  if (random.next() < 0.05) fields.reverse();
  return `{${fields.join(`,${space}`)}}`;
}

Deno.test({ name: "LogColumns: what parsing each line gives, for lines of all kinds", permissions: "none" }, () => {
  const seed = testSeed();
  const random = new Random(seed);
  const columns = new LogColumns();
  for (let round = 0; round < 150; round++) {
    const shapes = Array.from({ length: 1 + random.below(4) }, () => random.below(12));
    const lines = Array.from({ length: random.below(120) }, () => {
      const text = anyLine(random, random.pick(shapes));
      const bytes = encoder.encode(text + "\n");
      // Damage: a byte that is another one, or a line that is cut.
      if (random.next() < 0.05) bytes[random.below(bytes.length - 1)] = random.pick([0, 34, 44, 125, 0xff, 92, 48]);
      return random.next() < 0.02 ? encoder.encode(text.slice(0, random.below(text.length)) + "\n") : bytes;
    });
    try {
      check(lines, random.next() < 0.2 ? 0 : 1, random, random.next() < 0.7 ? columns : new LogColumns());
    } catch (error) {
      throw new Error(`seed ${seed}, round ${round}`, { cause: error });
    }
  }
});

Deno.test(
  { name: "LogColumns: lines of one shape with odd numbers, names, texts and spaces", permissions: "none" },
  () => {
    const random = new Random(1);
    const lines = [
      '{"event":"a/1","ts":1,"x":1}',
      '{"event":"a/2","ts":2,"x":2}',
      '{"event":"a/3","ts":2.9,"x":-0}',
      '{"event":"a/3","ts":1e999,"x":1}',
      '{"event":"a/0123456789012345","ts":3,"x":1}',
      '{"event":"a/b","ts":3,"x":1}',
      '{"event":"a/","ts":3,"x":1}',
      '{"event":"a/1","ts":3,"x":1,"x":2}',
      '{"event":"a/1","ts":3,"x":01}',
      '{"ts":1,"event":"a/1","x":1}',
      '{"ts":2,"event":"a/1","x":2}',
      '{"ts":1,"event":"a/1","ts":3,"x":1}',
      '{"ts":1,"event":"a/1","ts":4,"x":1}',
      '{"ts":1,"event":"a/1","ts":"4","x":1}',
      '{"ts":1,"event":"a/1","ts":NaN,"x":1}',
      '{"ts":"1","event":"a/1","ts":4,"x":1}',
      '{"event":"a/1","ts":3,"x":1}}',
      '{"event":"a/1","ts":3,"x":1} ',
      '{"event":"a/1","ts":3,"x":"1"}',
      '{"event":"a\\u002f1","ts":3,"x":1}',
      '{"event":"a/1","ts":3,"x":Infinity}',
      '{"event":"a/1","ts":3,"x":1,"s":"a\u0001b"}',
      '{"event":"a/1","ts":3,"x":1,"s":"plain"}',
      '{"event":"a/1","ts":3,"x":1,"s":"ü"}',
      '{"event":"a/1","ts":3,"x":1,"s":"with \\"quote"}',
      "",
      "[1]",
      "null",
    ].map((line) => encoder.encode(line + "\n"));
    check([...lines, ...lines, ...lines.toReversed()], 1, random);
    check([...lines, ...lines], 0, random);
  },
);

Deno.test(
  { name: "LogColumns: long arrays are no series, deep nesting and a long line are read", permissions: "none" },
  () => {
    const long = Array.from({ length: 257 }, (_, i) => i);
    const deep = (arrays: number) => "[".repeat(arrays) + "1" + "]".repeat(arrays);
    const lines = [
      encodeEvent("e", 1, { long, short: long.slice(1) }),
      encodeEvent("e", 2, { long, short: long.slice(2) }),
      `{"event":"e","ts":3,"deep":${deep(499)},"x":1}\n`,
      `{"event":"e","ts":3,"deep":${deep(500)},"x":1}\n`,
      encodeEvent("e", 4, { text: "x".repeat(50_000_000), x: 2 }),
      encodeEvent("e", 5, { x: 3 }),
    ].map((line) => encoder.encode(line));
    check(lines, 1, new Random(2));
  },
);

Deno.test({ name: "LogColumns: too many series overflow, and the next log is not harmed", permissions: "none" }, () => {
  const columns = new LogColumns();
  columns.begin(1);
  for (let i = 0; i <= MAX_SERIES; i += 200) {
    const data = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`k${i + at}`, at]));
    columns.feed(encoder.encode(encodeEvent("e", 1, data)));
  }
  assert(columns.overflow);
  columns.begin(1);
  columns.feed(encoder.encode(encodeEvent("e", 1, { x: 1 })));
  assert(!columns.overflow);
  assertEquals([...columnsOf(columns).points], [["e:x", [[0, 1, 1]]]]);
});
