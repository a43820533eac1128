import { DatabaseSync } from "node:sqlite";
import { SCALAR_FUNCTIONS } from "../../../lib/query/functions/all.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const VALUES: readonly Value[] = [
  ...[null, 0n, 1n, -1n, 7n, 9007199254740993n, 9223372036854775807n, -9223372036854775808n],
  ...[0.5, -0.5, 2.5, -1.5, 1e15, 1e300, -1e-7, Infinity],
  ...["", "4", " 12abc", "abc", "Äß", "a b", "1e3", "0x10", "😀x"],
  ...[-2147483649n, 4294967296n, new Uint8Array(), new Uint8Array([97, 200, 49])],
];

/** What SQLite says, or its error. */
function oracle(db: DatabaseSync, name: string, args: readonly Value[]): Value | string {
  try {
    const statement = db.prepare(`SELECT ${name}(${args.map(() => "?").join(", ")}) AS x`);
    statement.setReadBigInts(true);
    return (statement.get(...args as never[]) as { x: Value }).x;
  } catch (error) {
    return `error: ${(error as Error).message}`;
  }
}

Deno.test("SCALAR_FUNCTIONS: what SQLite has itself is computed the same, type and value", () => {
  using db = new DatabaseSync(":memory:");
  const builtIn = new Set(
    db.prepare("SELECT name FROM pragma_function_list").all().map((row) => (row as { name: string }).name),
  );
  const wrong: string[] = [];
  for (const [name, { least, most, compute, isGiven }] of SCALAR_FUNCTIONS) {
    if (!builtIn.has(name) || isGiven) continue;
    for (let count = Math.max(1, least); count <= Math.min(most, 3); count++) {
      const pick = VALUES.length ** count > 3000 ? 7 : 1;
      for (let at = 0; at < VALUES.length ** count; at += pick) {
        const args = Array.from(
          { length: count },
          (_, i) => VALUES[Math.floor(at / VALUES.length ** i) % VALUES.length],
        );
        const expected = oracle(db, name, args);
        let found: Value;
        try {
          found = compute(...args);
        } catch (error) {
          found = `error: ${(error as Error).message}`;
        }
        if (found instanceof Uint8Array && expected instanceof Uint8Array && found.toHex() === expected.toHex()) {
          continue;
        }
        if (!Object.is(found, expected) && !(typeof found === "number" && found === expected)) {
          wrong.push(
            `${name}(${args.map(String).join(", ")}): ${typeof expected} ${expected}, not ${typeof found} ${found}`,
          );
        }
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("SCALAR_FUNCTIONS: the search for one long text in another, which nothing could stop, is refused at once", () => {
  const call = (name: string, ...args: Value[]) => SCALAR_FUNCTIONS.get(name)!.compute(...args);
  const [long, part] = [new Uint8Array(9_000_000), new Uint8Array(7_000_000).fill(1, 6_999_999)];
  assertThrows(() => call("instr", long, part), Error, "too long");
  assertThrows(() => call("instr", "0".repeat(9_000_000), "0".repeat(7_000_000) + "1"), Error, "too long");
  assertThrows(() => call("replace", "0".repeat(9_000_000), "0".repeat(7_000_000) + "1", ""), Error, "too long");
  assertEquals(call("instr", long, new Uint8Array([0, 1])), 0n);
  assertEquals(call("instr", new Uint8Array([0, 0, 1, 2]), new Uint8Array([0, 1])), 2n);
  assertEquals(call("instr", new Uint8Array([0, 1]), new Uint8Array([1, 2])), 0n);
});
