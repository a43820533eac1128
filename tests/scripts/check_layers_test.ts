import { assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { checkHouse, type House } from "../../scripts/layers/check.ts";

const HOUSE: House = {
  layers: ["base", "format", "cli"],
  mapped: ["cli"],
  runtimeFiles: { "lib/base/disk.ts": "a disk", "lib/cli/": "arguments" },
  loadedAtStart: /^lib\/(base|cli)\//,
};

/** A tree in which nothing is wrong. */
const TREE: Readonly<Record<string, string>> = {
  "mod.ts": `export { one } from "./lib/format/one.ts";`,
  "cli.ts": `import "./lib/cli/launch/launch.ts";`,
  "lib/base/disk.ts": `export const disk = Deno.build.os;`,
  "lib/format/one.ts": `import { two } from "./two.ts";\nimport "npm:a@1.2.3/b.js";\nexport const one = two; // Deno`,
  "lib/format/two.ts": `export const two = 2;\nexport interface Two {}\n/** As {@linkcode Deno} says. */`,
  "lib/cli/launch/launch.ts": `import "@std/path";\nimport "../../base/disk.ts";\nDeno.exit();`,
};

async function errorsOf(
  changes: Readonly<Record<string, string>>,
  house: Partial<House> = {},
): Promise<readonly string[]> {
  const root = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries({ ...TREE, ...changes })) {
      await Deno.mkdir(dirname(`${root}/${path}`), { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    return checkHouse(new URL(`file://${root}/`), { ...HOUSE, ...house }).errors;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const CASES:
  readonly (readonly [name: string, changes: Record<string, string>, errors: string[], house?: Partial<House>])[] = [
    ["nothing", {}, []],
    [
      "a circle of types",
      { "lib/format/two.ts": `import type { one } from "./one.ts";\nexport const two = 2;` },
      ["circle: lib/format/one.ts, lib/format/two.ts"],
    ],
    [
      "a circle by import()",
      { "lib/format/two.ts": `export const two = () => import("./one.ts");` },
      ["circle: lib/format/one.ts, lib/format/two.ts"],
    ],
    [
      "a type that points up",
      { "lib/base/disk.ts": `import type { Two } from "../format/two.ts";\nexport const two = (_: Two) => Deno.pid;` },
      ["lib/base/disk.ts: imports lib/format/two.ts, which points up"],
    ],
    [
      "a folder that is no layer",
      { "lib/attic/old.ts": `export {};` },
      ["lib/attic: not among the layers; say between which it stands"],
    ],
    [
      "a layer without modules",
      {},
      ["lib/attic: a layer without modules; take it from the layers"],
      { layers: ["base", "attic", "format", "cli"] },
    ],
    [
      "the runtime where it must not be named",
      { "lib/format/two.ts": `export const two = Deno.pid;` },
      ["lib/format/two.ts: names Deno; let lib/fs do it, or add the file to scripts/layers/runtime_files.ts"],
    ],
    [
      "an entry that is not needed",
      { "lib/base/disk.ts": `export const disk = "linux";` },
      ["lib/base/disk.ts: names Deno no longer; take it from scripts/layers/runtime_files.ts"],
    ],
    [
      "a specifier that only deno.json maps",
      { "lib/format/two.ts": `import "@std/path";\nexport const two = 2;` },
      [`lib/format/two.ts: imports "@std/path"; only node: and npm:name@1.2.3 can be loaded without deno.json`],
    ],
    [
      "a start that loads too much",
      { "lib/cli/launch/launch.ts": `import "../../format/one.ts";\nDeno.exit();` },
      ["lib/cli/launch/launch.ts: imports lib/format/one.ts, which every start of the command would load"],
    ],
    [
      "a folder of 21 modules",
      Object.fromEntries(Array.from({ length: 19 }, (_, at) => [`lib/format/m${at}.ts`, `export {};`])),
      ["lib/format: 21 modules; a folder holds at most 20"],
    ],
    ["a module of 350 lines", { "lib/format/long.ts": "export {};\n".repeat(350) }, []],
    [
      "a module of 351 lines",
      { "lib/format/long.ts": "export {};\n".repeat(351) },
      ["lib/format/long.ts: 351 lines; a module has about 200, and at most 350"],
    ],
  ];

for (const [name, changes, errors, house] of CASES) {
  Deno.test(`checkHouse: ${name}`, async () => {
    assertEquals(await errorsOf(changes, house), errors);
  });
}
