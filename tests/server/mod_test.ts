import { assert, assertEquals } from "../assert.ts";

Deno.test("lib/server/mod.ts: each name that it exports stands in an example", async () => {
  const source = await Deno.readTextFile(new URL("../../lib/server/mod.ts", import.meta.url));
  const code = source.replace(/\/\*\*[^]*?\*\//g, "");
  const names = [...code.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) =>
    list.split(",").map((item) => item.trim().replace(/^type /, "")).filter(Boolean)
  );
  assert(names.includes("App") && names.length < 25, `${names.length} names`);
  const examples = [...source.matchAll(/^ \* ```ts\n([^]*?)^ \* ```$/gm)].map(([, example]) => example).join("\n");
  const used = new Set(examples.match(/\w+/g));
  assertEquals(names.filter((name) => !used.has(name)), []);
});
