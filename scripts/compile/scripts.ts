// Writes the bundle as scripts with bytecode, beside the modules that load these.
import { deflateRawSync } from "node:zlib";
import { type Chunk, readChunk, scriptOf } from "./chunk.ts";
import { filesBelow } from "./files.ts";
import { groupsFor, groupsOf, USUAL } from "./groups.ts";
import { REQUIRE } from "./bundle.ts";
import type { Learnt } from "./learn.ts";

const PROGRAM = new URL("program/", import.meta.url);

/** Reads the chunks of a bundle. */
export async function readChunks(bundle: string): Promise<Map<string, Chunk>> {
  const chunks = new Map<string, Chunk>();
  for (const path of await filesBelow(bundle)) {
    const name = path.slice(bundle.length + 1).replaceAll("\\", "/");
    chunks.set(name, readChunk(name, (await Deno.readTextFile(path)).replace(REQUIRE, "")));
  }
  return chunks;
}

/**
 * Writes a program that consists of these chunks into a folder that must not be there. `main` and `workers` are the chunks that
 * start isolates; the first worker is that of commands. Without `learnt`, it is one that learns.
 */
export async function writeScripts(
  folder: string,
  chunks: ReadonlyMap<string, Chunk>,
  main: string,
  workers: readonly string[],
  learnt?: Learnt,
): Promise<void> {
  const groups = learnt === undefined ? [[...chunks.keys()]] : groupsOf(chunks, learnt.main, learnt.worker, workers);
  const modules = new Map<string, string>();
  await Deno.mkdir(folder);
  for (const [number, names] of groups.entries()) {
    const { index, bytes } = groupOf(names, chunks, learnt);
    await Deno.writeFile(`${folder}/group${number}.bin`, isRare(number) ? deflateRawSync(bytes) : bytes);
    modules.set(`group${number}.js`, moduleOfGroup(number, index, learnt !== undefined));
  }
  modules.set("groups.js", moduleOfGroups(chunks, groups));
  for (const name of [main, ...workers]) {
    const needed = new Set(groupsFor(name, chunks, groups));
    if (name === workers[0]) [...groups.keys()].slice(0, USUAL).forEach((group) => needed.add(group));
    const learning = learnt !== undefined ? "" : name === main ? "learnFromMain" : "learnFromWorker";
    modules.set(name, entry(name, [...needed].sort((a, b) => a - b), learning));
  }
  for (const [name, text] of modules) {
    await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  for (const name of ["loader.ts", "learn.ts"]) {
    if (name === "loader.ts" || learnt === undefined) await Deno.copyFile(new URL(name, PROGRAM), `${folder}/${name}`);
  }
}

/** What is rare is compressed: the executable reads itself whole at each start, 0.5 ms for each megabyte. */
const isRare = (group: number): boolean => group >= USUAL;

type Index = [name: string, script: number, bytecode: number][];

function groupOf(
  names: readonly string[],
  chunks: ReadonlyMap<string, Chunk>,
  learnt: Learnt | undefined,
): { index: Index; bytes: Uint8Array } {
  const index: Index = [];
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const name of names) {
    const script = new TextEncoder().encode(scriptOf(chunks.get(name)!));
    const bytecode = learnt?.bytecode.get(name) ?? new Uint8Array();
    index.push([name, script.length, bytecode.length]);
    parts.push(script, bytecode);
  }
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { index, bytes };
}

function moduleOfGroup(number: number, index: Index, isFinal: boolean): string {
  const bytes = `import bytes from "./group${number}.bin" with { type: "bytes" };\n`;
  const text = `const index = ${JSON.stringify(index)};\n`;
  if (isRare(number)) {
    return `import { inflateRawSync } from "node:zlib";\n${bytes}${text}export default { index, bytes: inflateRawSync(bytes) };\n`;
  }
  if (isFinal) return `${bytes}${text}export default { index, bytes };\n`;
  return `${bytes}import { withLearnt } from "./learn.ts";\n${text}export default withLearnt({ index, bytes });\n`;
}

function moduleOfGroups(chunks: ReadonlyMap<string, Chunk>, groups: readonly (readonly string[])[]): string {
  const loaded = new Set([...chunks.values()].flatMap(({ loads }) => loads));
  const neededBy = [...loaded].map((name) => [name, groupsFor(name, chunks, groups)] as const);
  const unusual = neededBy.filter(([, needed]) => needed.some((group) => group >= USUAL));
  const loaders = groups.map((_, number) => `() => import("./group${number}.js")`);
  return `const GROUPS = [${loaders.join(", ")}];
export const groups = {
  load: async (number) => (await GROUPS[number]()).default,
  usual: [${[...groups.keys()].slice(1, USUAL).join(", ")}],
  neededBy: ${JSON.stringify(Object.fromEntries(unusual))},
};
`;
}

/** The module that starts an isolate. */
function entry(name: string, groups: readonly number[], learning: string): string {
  const up = "../".repeat(name.split("/").length - 1) || "./";
  return [
    `import { start } from "${up}loader.ts";`,
    `import { groups } from "${up}groups.js";`,
    ...groups.map((number) => `import group${number} from "${up}group${number}.js";`),
    ...learning === "" ? [] : [`import { ${learning} } from "${up}learn.ts";`, `${learning}();`],
    `start("${name}", new Map([${groups.map((number) => `[${number}, group${number}]`).join(", ")}]), groups);\n`,
  ].join("\n");
}
