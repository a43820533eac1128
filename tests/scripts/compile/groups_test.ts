import { readChunk } from "../../../scripts/compile/chunk.ts";
import { groupsFor, groupsOf } from "../../../scripts/compile/groups.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const importing = (...names: string[]) => names.map((name) => `import "./${name}";\n`).join("");
const TEXTS: Readonly<Record<string, string>> = {
  "main.js": importing("base.js"),
  "base.js": "",
  "worker.js": importing("base.js"),
  "helper.js": importing("base.js", "scan.js"),
  "scan.js": "",
  "big_helper.js": importing("rare.js", "scan.js") + "x".repeat(500_000),
  "rare.js": importing("base.js", "huge.js"),
  "huge.js": "x".repeat(100_000),
};
const chunks = new Map(Object.entries(TEXTS).map(([name, text]) => [name, readChunk(name, text)]));
const [main, worker] = [new Set(["main.js", "base.js"]), new Set(["worker.js", "base.js", "scan.js"])];
const groups = groupsOf(chunks, main, worker, ["helper.js", "big_helper.js"]);

Deno.test("groupsOf: what the main isolate ran, small workers, what a command ran, the others, and each large one", () => {
  assertEquals(groups, [
    ["main.js", "base.js"],
    ["helper.js", "scan.js"],
    ["worker.js"],
    ["rare.js"],
    ["big_helper.js"],
    ["huge.js"],
  ]);
});

Deno.test("groupsFor: the groups of a chunk and of all that it imports", () => {
  assertEquals(groupsFor("worker.js", chunks, groups), [0, 2]);
  assertEquals(groupsFor("rare.js", chunks, groups), [0, 3, 5]);
  const torn = new Map([["a.js", readChunk("a.js", importing("gone.js"))]]);
  assertThrows(() => groupsFor("a.js", torn, [["a.js"]]), Error, "the bundle has no gone.js");
});
