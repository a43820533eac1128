// The documents that people read, and the pieces of them that can be tested.

export const ROOT = new URL("../..", import.meta.url);

/** A page of Markdown. */
export interface Document {
  /** From the root of the tree. */
  readonly path: string;
  readonly text: string;
}

/** Folders in which no document of this project is. */
const FOREIGN = new Set([".git", "node_modules", "dist", "fixtures", "output", "demo-output"]);

/** Every document of the tree, by its path. */
export const documents: readonly Document[] = documentsBelow("").sort((a, b) => a.path < b.path ? -1 : 1);

function documentsBelow(folder: string): Document[] {
  const found: Document[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder === "" ? "." : folder, ROOT))) {
    const path = `${folder}${name}`;
    if (isDirectory && !FOREIGN.has(name)) found.push(...documentsBelow(`${path}/`));
    else if (name.endsWith(".md")) found.push({ path, text: Deno.readTextFileSync(new URL(path, ROOT)) });
  }
  return found;
}

/** One document. */
export function documentAt(path: string): Document {
  const found = documents.find((document) => document.path === path);
  if (found === undefined) throw new Error(`${path} is not there`);
  return found;
}

/** The code blocks of one language in a document. */
export function blocksOf({ text }: Document, language: string): string[] {
  const all = [...text.matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```$/gm)];
  return all.filter((match) => match[1] === language).map((match) => match[2]);
}

/** A document without its code blocks, so that nothing in them looks like Markdown. */
export function proseOf({ text }: Document): string {
  return text.replace(/^```[\s\S]*?^```$/gm, (block) => block.replace(/[^\n]/g, ""));
}
