/** An import. */
export interface Import {
  /** As it stands, or the path from the root where it is relative. */
  readonly target: string;
  readonly isRelative: boolean;
  /**
   * `load`: when the module is loaded. `later`: by `import()`. `thread`: as the module of a worker. `type`: never, for types are
   * erased.
   */
  readonly when: "load" | "later" | "thread" | "type";
}

/** A module of the tree. */
export interface Module {
  /** From the root. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** Whether its code, without comments, names `Deno`. */
  readonly namesRuntime: boolean;
  readonly lines: number;
}

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s[^"';]*?from\s*"([^"]+)"|(?:^|[\s;])import\s*"([^"]+)"|import\(\s*"([^"]+)"\s*\)|new URL\(\s*"(\.[^"]+\.ts)",\s*import\.meta\.url\s*\)/gm;

/** Reads a module. */
export function moduleOf(path: string, source: string): Module {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const imports = [...code.matchAll(IMPORT)].map((match): Import => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? match[4];
    const isRelative = /^\.{1,2}\//.test(specifier);
    const isType = /^[\s;}]*(import|export)\s+type\s/.test(match[0]);
    return {
      target: isRelative ? new URL(specifier, `file:///${path}`).pathname.slice(1) : specifier,
      isRelative,
      when: isType ? "type" : match[4] !== undefined ? "thread" : match[3] !== undefined ? "later" : "load",
    };
  });
  const lines = source.replace(/\n$/, "").split("\n").length;
  return { path, imports, namesRuntime: /\bDeno\b/.test(code.replace(/\s\/\/ .*$/gm, "")), lines };
}

/** The modules of a folder and those below it. */
export function* modulesIn(root: URL, folder: string): Generator<Module> {
  for (const entry of Deno.readDirSync(new URL(`${folder}/`, root))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* modulesIn(root, path);
    else if (path.endsWith(".ts")) yield moduleOf(path, Deno.readTextFileSync(new URL(path, root)));
  }
}
