// The source maps of an executable. They are not part of it, since it reads itself whole at each start; `scripts/stack.ts`
// reads them.
import { join, relative } from "@std/path";
import { filesBelow } from "./files.ts";

/** A source map. */
export interface SourceMap {
  readonly version: number;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** Source maps by the path of each file in the bundle. */
export type Maps = Readonly<Record<string, SourceMap>>;

/** The source maps of a bundle, with sources relative to the tree. */
export async function readMaps(root: string, bundle: string): Promise<Maps> {
  const maps: Record<string, SourceMap> = {};
  for (const file of await filesBelow(bundle, ".js.map")) {
    const { version, sources, names, mappings } = JSON.parse(await Deno.readTextFile(file)) as SourceMap;
    const name = relative(bundle, file).replaceAll("\\", "/").replace(/\.map$/, "");
    maps[name] = {
      version,
      sources: sources.map((source) => relative(root, join(file, "..", source))),
      names,
      mappings,
    };
  }
  return maps;
}
