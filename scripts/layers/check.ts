import { circlesOf } from "./circles.ts";
import { type Module, moduleOf, modulesIn } from "./modules.ts";

/** How a tree is to be laid out. */
export interface House {
  /** The folders of `lib`, each one importing only from itself and from those before it. */
  readonly layers: readonly string[];
  /** Layers that may use bare specifiers, which only `deno.json` maps. */
  readonly mapped: readonly string[];
  /** Files and folders that may name `Deno`, and why. */
  readonly runtimeFiles: Readonly<Record<string, string>>;
  /** What a start of the command line may load before it starts a worker. */
  readonly loadedAtStart: RegExp;
}

/** A folder with more modules is no longer read at a glance. */
const MAX_MODULES = 20;

/** A longer module of `lib` has more than one concern. */
const MAX_LINES = 350;

/** What was found. */
export interface Findings {
  readonly modules: number;
  readonly errors: readonly string[];
}

/** Looks at `lib`, `mod.ts` and `cli.ts` below a folder. */
export function checkHouse(root: URL, house: House): Findings {
  const modules = new Map<string, Module>();
  const add = (module: Module) => modules.set(module.path, module);
  for (const module of modulesIn(root, "lib")) add(module);
  for (const path of ["mod.ts", "cli.ts"]) add(moduleOf(path, Deno.readTextFileSync(new URL(path, root))));
  const checks = [
    checkLayers,
    checkFolders,
    checkLengths,
    checkImports,
    checkCircles,
    checkRuntime,
    checkPublicGraph,
    checkStart,
  ];
  return { modules: modules.size, errors: checks.flatMap((check) => [...check(modules, house)]) };
}

type Modules = ReadonlyMap<string, Module>;

function layerOf(path: string): string | undefined {
  return /^lib\/([^/]+)\//.exec(path)?.[1];
}

/** The layers are the folders that hold modules, no more and no fewer. */
function* checkLayers(modules: Modules, { layers }: House): Generator<string> {
  const there = new Set(modules.keys().map(layerOf));
  for (const layer of there) {
    if (layer !== undefined && !layers.includes(layer)) {
      yield `lib/${layer}: not among the layers; say between which it stands`;
    }
  }
  for (const layer of layers) {
    if (!there.has(layer)) yield `lib/${layer}: a layer without modules; take it from the layers`;
  }
}

function* checkLengths(modules: Modules): Generator<string> {
  for (const { path, lines } of modules.values()) {
    if (lines > MAX_LINES) yield `${path}: ${lines} lines; a module has about 200, and at most ${MAX_LINES}`;
  }
}

function* checkFolders(modules: Modules): Generator<string> {
  const counts = Map.groupBy(modules.keys(), (path) => path.slice(0, path.lastIndexOf("/")));
  for (const [folder, { length }] of counts) {
    if (length > MAX_MODULES) yield `${folder}: ${length} modules; a folder holds at most ${MAX_MODULES}`;
  }
}

/** No import points up, and below the command line each one can be loaded from a URL. */
function* checkImports(modules: Modules, { layers, mapped }: House): Generator<string> {
  for (const { path, imports } of modules.values()) {
    const layer = layerOf(path);
    for (const { target, isRelative } of imports) {
      if (isRelative && !modules.has(target)) {
        if (/\.ts$/.test(target)) yield `${path}: imports ${target}, which is not there or stands outside of lib`;
      } else if (isRelative && layer !== undefined) {
        const below = layerOf(target);
        if (below === undefined) yield `${path}: imports ${target} from outside of lib`;
        else if (layers.indexOf(below) > layers.indexOf(layer)) yield `${path}: imports ${target}, which points up`;
      } else if (!isRelative && layer !== undefined && !mapped.includes(layer) && !isLoadable(target)) {
        yield `${path}: imports "${target}"; only node: and npm:name@1.2.3 can be loaded without deno.json`;
      }
    }
  }
}

function isLoadable(specifier: string): boolean {
  return /^node:|^npm:(@[^/]+\/)?[^@/]+@\d+\.\d+\.\d+(-[\w.]+)?(\/|$)/.test(specifier);
}

/** Types and `import()` count, threads do not: a worker's module names the types of the one that starts it. */
function* checkCircles(modules: Modules): Generator<string> {
  const graph = new Map<string, string[]>();
  for (const { path, imports } of modules.values()) {
    graph.set(path, imports.flatMap(({ target, when }) => when === "thread" ? [] : [target]));
  }
  for (const circle of circlesOf(graph)) yield `circle: ${circle.join(", ")}`;
}

/** Only files of the list name the runtime, and each entry of the list is needed. */
function* checkRuntime(modules: Modules, { runtimeFiles }: House): Generator<string> {
  const used = new Set<string>();
  for (const { path, namesRuntime } of modules.values()) {
    if (!namesRuntime || layerOf(path) === undefined) continue;
    const entry = Object.keys(runtimeFiles).find((entry) =>
      entry.endsWith("/") ? path.startsWith(entry) : path === entry
    );
    if (entry === undefined) {
      yield `${path}: names Deno; let lib/fs do it, or add the file to scripts/layers/runtime_files.ts`;
    } else used.add(entry);
  }
  for (const entry of Object.keys(runtimeFiles)) {
    if (!used.has(entry)) yield `${entry}: names Deno no longer; take it from scripts/layers/runtime_files.ts`;
  }
}

/** The modules that other programs import. */
const PUBLIC = ["mod.ts", "lib/store/mod.ts", "lib/server/mod.ts"];

/** Everything that importing a public module loads, as a stranger's script would. */
function* checkPublicGraph(modules: Modules, { mapped }: House): Generator<string> {
  for (const face of PUBLIC) {
    const seen = new Set([face]);
    // The set grows while it is gone through.
    for (const path of seen) {
      if (mapped.includes(layerOf(path) ?? "")) yield `${face} reaches ${path}: commands are not part of the library`;
      for (const { target } of modules.get(path)?.imports ?? []) if (modules.has(target)) seen.add(target);
    }
  }
}

/**
 * Every command line loads the table of commands and one description before it starts a worker, which loads what the
 * command does. A description that loads more would load it twice, and start late.
 */
function* checkStart(modules: Modules, { loadedAtStart }: House): Generator<string> {
  const seen = new Set<string>();
  const enter = function* (path: string, from: string): Generator<string> {
    if (!modules.has(path) || seen.has(path)) return;
    seen.add(path);
    if (!loadedAtStart.test(path)) yield `${from}: imports ${path}, which every start of the command would load`;
    else {for (const { target, when } of modules.get(path)?.imports ?? []) {
        if (when === "load") yield* enter(target, path);
      }}
  };
  for (const path of modules.keys()) {
    const [, name] = /^lib\/commands\/((?:\w+\/)+\w+)_run\.ts$/.exec(path) ?? [];
    if (name !== undefined) yield* enter(`lib/commands/${name}.ts`, path);
  }
  yield* enter("lib/cli/launch/launch.ts", "cli.ts");
}
