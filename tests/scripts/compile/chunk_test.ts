import { runInThisContext } from "node:vm";
import { readChunk, scriptOf } from "../../../scripts/compile/chunk.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const TEXT = `import {
  one,
  two as three
} from "../chunk-A.js";
import "./chunk-B.js";

// a.ts
import { sep as separator } from "node:path";
var sum = one + three;
function later() {
  return import("../later.js");
}
function runtime() {
  return import("node:path");
}
var place = import.meta.url;
function broken() {
  throw new Error("broken");
}
export {
  broken,
  sum as default,
  later,
  place,
  runtime,
  separator
};
/* a licence */
`;

const chunk = readChunk("lib/x.js", TEXT);

Deno.test("readChunk: the chunks that one imports at once, and when it needs them", () => {
  assertEquals(chunk.imports, ["chunk-A.js", "lib/chunk-B.js"]);
  assertEquals(chunk.loads, ["later.js"]);
});

Deno.test("scriptOf: a function gets imports and returns exports, with every line where it was", async () => {
  const asked: string[] = [];
  const get = (name: string) => (asked.push(name), name === "chunk-A.js" ? { one: 1, two: 2 } : {});
  const load = (name: string) => Promise.resolve({ name });
  const run = runInThisContext(scriptOf(chunk), { filename: "x.js" });
  const path = { sep: "/" };
  const exported = run(get, load, () => path, "file:///root/", setTimeout, setInterval, clearTimeout, clearInterval);
  assertEquals(asked, ["chunk-A.js", "lib/chunk-B.js"]);
  assertEquals([exported.default, exported.separator, exported.place], [3, "/", "file:///root/lib/x.js"]);
  assertEquals(await exported.later(), { name: "later.js" });
  assertEquals(await exported.runtime(), path);
  const error = assertThrows(() => exported.broken(), Error, "broken") as Error;
  const line = TEXT.split("\n").findIndex((text) => text.includes("throw")) + 1;
  assertEquals(/x\.js:(\d+):(\d+)/.exec(error.stack!)!.slice(1), [String(line), "9"]);
});

Deno.test("scriptOf: an exported variable that changes is refused, since importers would not see it", () => {
  for (const change of ["count = 1;", "count++;", "  count += 2;", "--count;"]) {
    const text = `var count = 0;\nfunction add() {\n${change}\n}\nexport {\n  add,\n  count\n};\n`;
    assertThrows(() => scriptOf(readChunk("c.js", text)), Error, '"count" in c.js is exported and changed');
  }
  const local =
    `var count = 0;\nfunction add(other) {\n  other.count = 1;\n  return count === 1;\n}\nexport {\n  count\n};\n`;
  scriptOf(readChunk("c.js", local));
});
