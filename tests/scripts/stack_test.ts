import { assert, assertEquals } from "@std/assert";
import { translate } from "../../scripts/stack.ts";

// Line 1 of the bundle is line 3 of a.ts, from its fifth column on; line 2 is line 4 of b.ts.
const MAPS = {
  "chunk-AB12.js": { version: 3, sources: ["lib/a.ts", "lib/b.ts"], names: [], mappings: "AAEI;ACCJ" },
  "lib/commands/worker.js": { version: 3, sources: ["lib/commands/worker.ts"], names: [], mappings: "AAAA" },
} as unknown as Parameters<typeof translate>[1];

Deno.test("stack: the calls of a report are translated, and all else stays", () => {
  const report = [
    "TypeError: nothing (reading 'value')",
    "    at broken (file:///tmp/deno-compile-dbx/chunk-AB12.js:1:1)",
    "    at file:///tmp/deno-compile-dbx/chunk-AB12.js:2:1",
    "    at obey (file:///somewhere/else/lib/commands/worker.js:1:1)",
    "    at other (file:///tmp/deno-compile-dbx/unknown.js:1:1)",
    "    at op (ext:core/01_core.js:1:1)",
  ];
  assertEquals(translate(report.join("\n"), MAPS).split("\n"), [
    report[0],
    "    at broken (lib/a.ts:3:5)",
    "    at lib/b.ts:4:1",
    "    at obey (lib/commands/worker.ts:1:1)",
    report[4],
    report[5],
  ]);
});

const binary = Deno.env.get("DBX_BINARY");
if (binary !== undefined) {
  Deno.test("stack: an executable has its source maps beside it", async () => {
    const maps = JSON.parse(await Deno.readTextFile(`${binary}.maps.json`));
    assert(maps["lib/commands/worker.js"].sources.includes("lib/commands/worker.ts"));
    assert(Object.keys(maps).length > 50);
  });
}
