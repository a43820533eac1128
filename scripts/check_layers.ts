// Fails on an import that points up, on a circle, on a description of a command that loads more than it needs, and on
// anything in the graph of `mod.ts` that a plain URL import could not load: only own files, built-ins and inline
// version-pinned `npm:` specifiers may stand there.

const LAYERS = [
  "base",
  "redact",
  "format",
  "fs",
  "terminal",
  "store",
  "repo",
  "logger",
  "printed",
  "index",
  "query",
  "protocol",
  "sync",
  "live",
  "client",
  "server",
  "interop",
  "cli",
  "commands",
];
/** Layers that may use bare specifiers, which only `deno.json` maps. */
const MAPPED = new Set(["terminal", "cli", "commands"]);

const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
const errors: string[] = [];
const graph = new Map<string, string[]>();
const loads = new Map<string, string[]>();

/** An import. Of circles, only those count that load: a type is erased, and a dynamic import waits until it is asked for. */
interface Import {
  readonly specifier: string;
  readonly loads: boolean;
}

/** The imports of a module, also dynamic ones with a literal. */
function importsOf(source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const pattern =
    /(?:^|[\s;}])(?:import|export)\s[^"';]*?from\s*"([^"]+)"|(?:^|[\s;])import\s*"([^"]+)"|import\(\s*"([^"]+)"\s*\)/gm;
  return [...code.matchAll(pattern)].map((match) => ({
    specifier: match[1] ?? match[2] ?? match[3],
    loads: match[3] === undefined && !/^[\s;}]*(import|export)\s+type\s/.test(match[0]),
  }));
}

function walk(folder: string): void {
  for (const entry of Deno.readDirSync(root + folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) walk(path);
    else if (path.endsWith(".ts")) visit(path);
  }
}

function layerOf(path: string): string | undefined {
  return /^lib\/([^/]+)\//.exec(path)?.[1];
}

function visit(path: string): void {
  const edges: string[] = [];
  const loaded: string[] = [];
  const source = Deno.readTextFileSync(root + path);
  const layer = layerOf(path);
  if (layer !== undefined && !LAYERS.includes(layer)) errors.push(`${path}: "${layer}" is no layer`);
  for (const { specifier, loads } of importsOf(source)) {
    if (/^\.{1,2}\//.test(specifier)) {
      const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
      edges.push(target);
      if (loads) loaded.push(target);
      const below = layerOf(target);
      if (layer === undefined) continue;
      if (below === undefined) errors.push(`${path}: imports ${target} from outside lib/`);
      else if (LAYERS.indexOf(below) > LAYERS.indexOf(layer)) {
        errors.push(`${path}: imports ${target}, which points up`);
      }
    } else if (layer !== undefined && !MAPPED.has(layer) && !/^node:/.test(specifier) && !pinned(specifier)) {
      errors.push(`${path}: imports "${specifier}"; below commands only node: and npm:name@1.2.3 may stand`);
    }
  }
  graph.set(path, edges);
  loads.set(path, loaded);
}

function pinned(specifier: string): boolean {
  return /^npm:(@[^/]+\/)?[^@/]+@\d+\.\d+\.\d+(-[\w.]+)?(\/|$)/.test(specifier);
}

function findCircles(): void {
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const enter = (node: string): void => {
    if (state.get(node) === "done") return;
    if (state.get(node) === "open") {
      errors.push(`circle: ${[...path.slice(path.indexOf(node)), node].join(" -> ")}`);
      return;
    }
    state.set(node, "open");
    path.push(node);
    for (const next of loads.get(node) ?? []) enter(next);
    path.pop();
    state.set(node, "done");
  };
  for (const node of graph.keys()) enter(node);
}

/** Everything that importing `mod.ts` loads, as a stranger's script would. */
function checkPublicGraph(): void {
  const seen = new Set<string>();
  const enter = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    if (MAPPED.has(layerOf(path) ?? "")) errors.push(`mod.ts reaches ${path}: commands are not part of the library`);
    graph.get(path)?.forEach(enter);
  };
  enter("mod.ts");
  for (const path of seen) if (!graph.has(path)) errors.push(`mod.ts reaches ${path}, which is not there`);
}

/**
 * Every command line loads the table of commands and one description before it starts a worker, which loads what the
 * command does. A description that loads more would load it twice, and start late.
 */
function checkDescriptions(): void {
  const light =
    /^lib\/(base|fs|terminal|cli|commands)\/|^lib\/client\/spool\/folder\.ts$|^lib\/repo\/default_repository\.ts$/;
  const seen = new Map<string, string>();
  const enter = (path: string, from: string): void => {
    if (seen.has(path)) return;
    seen.set(path, from);
    if (!light.test(path)) errors.push(`${from}: imports ${path}, which every start of the command would load`);
    else loads.get(path)?.forEach((next) => enter(next, path));
  };
  for (const path of graph.keys()) {
    const [, name] = /^lib\/commands\/(\w+\/\w+)_run\.ts$/.exec(path) ?? [];
    if (name !== undefined) enter(`lib/commands/${name}.ts`, path);
  }
  enter("lib/cli/launch/launch.ts", "cli.ts");
}

walk("lib");
visit("mod.ts");
visit("cli.ts");
findCircles();
checkPublicGraph();
checkDescriptions();
for (const error of errors) console.error(error);
if (errors.length > 0) Deno.exit(1);
console.log(`layers: ${graph.size} modules, no import points up, no circle`);
