import { moduleOf } from "../scripts/layers/modules.ts";
import { assert, assertEquals } from "./assert.ts";

const root = new URL("..", import.meta.url);

/** What a module exports by name, and the code of its examples. */
async function faceOf(path: string): Promise<{ names: string[]; examples: string }> {
  const source = await Deno.readTextFile(new URL(path, root));
  const code = source.replace(/\/\*\*[^]*?\*\//g, "");
  const names = [...code.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) =>
    list.split(",").map((item) => item.trim().replace(/^type /, "").replace(/^\w+ as /, "")).filter(Boolean)
  );
  const examples = [...source.matchAll(/^ \* ```ts\n([^]*?)^ \* ```$/gm)].map(([, example]) => example).join("\n");
  return { names, examples };
}

Deno.test("mod.ts: exports few names, and each one stands in an example", async () => {
  const { names, examples } = await faceOf("mod.ts");
  assertEquals(names.length, new Set(names).size);
  assert(names.includes("openRepository") && names.length >= 20 && names.length <= 35, `${names.length} names`);
  const used = new Set(examples.match(/\w+/g));
  assertEquals(names.filter((name) => !used.has(name)), []);
});

Deno.test("mod.ts: loads neither logging, queries, synchronisation nor servers before they are needed", async () => {
  const loaded = new Set(["mod.ts"]);
  // The set grows while it is gone through.
  for (const path of loaded) {
    const { imports } = moduleOf(path, await Deno.readTextFile(new URL(path, root)));
    for (const { target, isRelative, when } of imports) if (isRelative && when === "load") loaded.add(target);
  }
  const early = [...loaded].filter((path) => /^lib\/(repo|index|query\/(?!result\/)|sync|live|server)\//.test(path));
  assertEquals(early, []);
  assert(loaded.size < 150, `${loaded.size} modules`);
});
