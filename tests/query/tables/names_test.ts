import type { Scalar } from "../../../lib/query/plan/plan.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { rowsOf, scanOf, tablesOf } from "./scan_rows.ts";
import { lineOf, smallRepository, sourceAt } from "./small_repository.ts";

/** Names that look alike, or hold what patterns are written with. */
const NAMES = [
  ...["train/7", "train/007", "train/7", "train/*", "a:b/3", "a\\b/4", "a\\:b", "*", "12", "0", "00"],
  ...["1/2/3/4/5/6/7/8/9", "train/1234567890123456", "train/123456789012345", "train/-3", "x/4.5", "/5/", "größe/6"],
];

Deno.test("events: names and their numbers are those of the lines, however they are written", async () => {
  await using folder = await scratch();
  const lines = NAMES.map((name, at) => lineOf(name, at, { value: at }));
  // An escape, and a name that comes last.
  lines.push('{"event":"tr\\u0061in/7","value":1}', '{"ts":5,"value":1,"event":"late/8"}');
  await smallRepository(`${folder.path}/r`, [{ runs: [{ logs: { log: lines, stdout: lines } }] }]);
  const tables = await tablesOf([await sourceAt(`${folder.path}/r`)]);
  const names = [...NAMES, "train/7", "late/8"];
  const numbers = (name: string, at: number) => {
    const digits = name.split("/").filter((part) => /^\d{1,15}$/.test(part));
    return at < digits.length ? BigInt(digits[at]) : null;
  };
  const expected = names.map((
    name,
    at,
  ) => [BigInt(at + 1), name, numbers(name, 0), numbers(name, 1), numbers(name, 7)]);
  const columns = ["line", "event", "c0", "c1", "c7", "log"];
  const all = ["log", "stdout"].flatMap((log) => expected.map((row) => [...row, log]));
  assertEquals(await rowsOf(tables, scanOf("events", columns)), all);
  for (const name of new Set(names)) {
    const where: Scalar[] = [{
      kind: "compare",
      op: "=",
      left: { kind: "input", index: 1 },
      right: { kind: "constant", value: name },
    }];
    assertEquals(await rowsOf(tables, scanOf("events", columns, where)), all.filter((row) => row[1] === name), name);
  }
  for (const start of ["t", "train/", "TRAIN/0", "a", "*", "1", "gr", "/", "x/4"]) {
    for (const op of ["LIKE", "GLOB"] as const) {
      const pattern: Scalar = { kind: "constant", value: start.replace("*", "[*]") + (op === "LIKE" ? "%" : "*") };
      const where: Scalar[] = [{ kind: "like", op, text: { kind: "input", index: 0 }, pattern, escape: undefined }];
      const begins = (name: string) =>
        op === "LIKE" ? name.toLowerCase().startsWith(start.toLowerCase()) : name.startsWith(start);
      if (op === "LIKE" && start === "*") continue;
      const found = await rowsOf(tables, scanOf("events", ["event", "log"], where));
      assertEquals(found.length, names.filter(begins).length * 2, `${op} ${start}`);
    }
  }
  const points = await rowsOf(tables, scanOf("points", ["value", "c0", "c7"]));
  const sorted = points.toSorted((a, b) => (a[0] as number) - (b[0] as number)).slice(0, 2);
  assertEquals(sorted, [[0, 7n, null], [1, 7n, null]]);
  assertEquals(points.filter((row) => row[2] !== null), [[11, 1n, 8n]]);
});
