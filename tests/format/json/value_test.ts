import { UsageError } from "../../../lib/base/errors.ts";
import type { Json } from "../../../lib/base/json.ts";
import { decodeValue, encodeValue, MAX_DEPTH } from "../../../lib/format/json/value.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { Random } from "../random.ts";

const own = Object.assign(Object.create({ inherited: 1 }), { own: 2 });

const CASES: readonly [name: string, value: unknown, json: Json][] = [
  ["NaN", NaN, { _dbx: "nan" }],
  ["infinities", [Infinity, -Infinity], [{ _dbx: "inf" }, { _dbx: "-inf" }]],
  ["minus zero", -0, 0],
  ["dates", [new Date(0), new Date(NaN)], ["1970-01-01T00:00:00.000Z", null]],
  ["bigints", [7n, -(2n ** 53n) + 1n, 2n ** 53n, 10n ** 30n], [
    7,
    -9007199254740991,
    "9007199254740992",
    "1000000000000000000000000000000",
  ]],
  ["typed arrays", [new Float32Array([0.5, NaN]), new Uint8Array([1]), new BigInt64Array([2n])], [
    [0.5, { _dbx: "nan" }],
    [1],
    [2],
  ]],
  ["maps", new Map<unknown, unknown>([["a", 1], [2, NaN], [null, undefined]]), { a: 1, "2": { _dbx: "nan" } }],
  ["sets", new Set([1, "b"]), [1, "b"]],
  ["toJSON", { a: { toJSON: (key: string) => ({ key, n: NaN }) } }, { a: { key: "a", n: { _dbx: "nan" } } }],
  ["toJSON that gives itself", selfish(), { x: 1 }],
  ["undefined", { a: undefined, b: [undefined] }, { b: [null] }],
  // deno-lint-ignore no-sparse-arrays
  ["holes of arrays", [, 1], [null, 1]],
  ["own keys only", own, { own: 2 }],
  ["boxed values", [Object(1), Object("a"), Object(false)], [1, "a", false]],
  ["errors", new RangeError("too far"), { name: "RangeError", message: "too far" }],
  ["URLs", new URL("http://h/p"), "http://h/p"],
  ["an object twice, side by side", twice(), { a: { x: 1 }, b: { x: 1 } }],
];

for (const [name, value, json] of CASES) {
  Deno.test({
    name: `encodeValue: ${name}`,
    permissions: "none",
    fn: () => assertEquals(encodeValue(value), json),
  });
}

Deno.test({
  name: "encodeValue keeps a key __proto__ as data",
  permissions: "none",
  fn() {
    const text = '{"__proto__":{"a":1,"n":2}}';
    const json = encodeValue(JSON.parse(text)) as Record<string, Json>;
    assertEquals(JSON.stringify(json), text);
    assertEquals((json as { a?: number }).a, undefined);
  },
});

const cycle: Record<string, unknown> = { a: [{}] };
(cycle.a as Record<string, unknown>[])[0].b = cycle;
let deep: unknown = 1;
for (let i = 0; i <= MAX_DEPTH; i++) deep = [deep];

const REFUSED: readonly [name: string, value: unknown, message: string][] = [
  ["a cycle", cycle, '"data.a.0.b": it is a part of itself'],
  ["a function", { a: { f: () => 1 } }, '"data.a.f": it is a function'],
  ["a symbol", [Symbol("s")], '"data.0": it is a symbol'],
  ["a promise", { p: Promise.resolve(1) }, '"data.p": it is a promise (await it first)'],
  ["a map with objects as keys", new Map([[{}, 1]]), "a map with keys that are not strings"],
  ["a function within a map", new Map([["m", () => 1]]), '"data.m"'],
  ["nesting without end", deep, "nested deeper than 500"],
];

for (const [name, value, message] of REFUSED) {
  Deno.test({
    name: `encodeValue refuses ${name} and names it`,
    permissions: "none",
    fn: () => void assertThrows(() => encodeValue(value), UsageError, message),
  });
}

Deno.test({
  name: "decodeValue gives back any value that encodeValue wrote, through JSON text",
  permissions: "none",
  fn() {
    const random = new Random(1);
    for (let i = 0; i < 3000; i++) {
      const value = random.value();
      const back = decodeValue(JSON.parse(JSON.stringify(encodeValue(value))));
      assertEquals(back, value);
    }
  },
});

Deno.test({
  name: "decodeValue leaves files as they are, and copies nothing without need",
  permissions: "none",
  fn() {
    const file = { _dbx: "expfile", exp: "e", name: "n", sha256: "0" };
    const json: Json = { file, list: [1, { a: "b" }] };
    assert(decodeValue(json) === json);
    assertEquals(decodeValue({ file, x: [{ _dbx: "nan" }] }), { file, x: [NaN] });
  },
});

function selfish(): unknown {
  const value = { x: 1 };
  Object.defineProperty(value, "toJSON", { value: () => value, enumerable: false });
  return value;
}

function twice(): unknown {
  const shared = { x: 1 };
  return { a: shared, b: shared };
}
