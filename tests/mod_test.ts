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
