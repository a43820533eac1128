// A chunk of the bundle, which is a module, as a function: scripts of such functions start faster than modules do.
import { dirname, join } from "@std/path";

/** A chunk, taken apart. The bundler writes all imports at the top, and one list of exports at the end. */
export interface Chunk {
  /** Its path in the bundle. */
  readonly name: string;
  readonly text: string;
  /** The chunks that it imports, by name. */
  readonly imports: readonly string[];
  /** Those that it imports once it needs them. */
  readonly loads: readonly string[];
}

const IMPORT = /import (?:(\{[^}]*\}) from )?"([^"]+)";\n/y;
/** Imports of the runtime's modules stand further down too. */
const RUNTIME_IMPORT = /^import (\{[^}]*\}) from "(node:[^"]+)";$/gm;
const EXPORT = /^export (\{[^}]*\});$/gm;
const LOAD = /\bimport\("([^"]+)"\)/g;

/** Takes a chunk apart. */
export function readChunk(name: string, text: string): Chunk {
  const targets = (specifiers: readonly string[]) =>
    specifiers.filter((specifier) => specifier.startsWith(".")).map((specifier) => nameOf(name, specifier));
  return {
    name,
    text,
    imports: targets(headOf(text).map(([, , specifier]) => specifier)),
    loads: targets([...text.matchAll(LOAD)].map(([, specifier]) => specifier)),
  };
}

/** What means something else in a script than in a module, for older runtimes: Node.js's timers, which are objects. */
const TIMERS = "setTimeout, setInterval, clearTimeout, clearInterval";

/**
 * A script with a function that does what the chunk does, in as many lines, and returns its exports. It is given
 * `$get(name)`: the exports of a chunk; `$load(name)`: a promise of them; `require`: of modules of the runtime; `$root`: the
 * URL of the bundle; and the timers of modules.
 */
export function scriptOf({ name, text }: Chunk): string {
  const variables = (names: string, from: string) => `const ${names.replaceAll(" as ", ": ")} = ${from};`;
  const head = headOf(text);
  const imports = head.map(([, names, specifier]) => {
    const from = specifier.startsWith(".") ? `$get("${nameOf(name, specifier)}")` : `require("${specifier}")`;
    return names === undefined ? `${from};\n` : `${variables(names, from)}\n`;
  });
  let body = text.slice(head.reduce((length, [whole]) => length + whole.length, 0));
  const list = [...body.matchAll(EXPORT)].at(-1);
  if (list !== undefined) {
    refuseChanges(name, body, list[1]);
    const exported = `return ${list[1].replaceAll(/([\w$]+) as ([\w$]+)/g, "$2: $1")};`;
    body = body.slice(0, list.index) + exported + body.slice(list.index + list[0].length);
  }
  body = body
    .replaceAll(RUNTIME_IMPORT, (_, names: string, from: string) => variables(names, `require("${from}")`))
    .replaceAll("import.meta.url", `($root + "${name}")`)
    .replaceAll(
      LOAD,
      (_, specifier: string) =>
        specifier.startsWith(".") ? `$load("${nameOf(name, specifier)}")` : `Promise.resolve(require("${specifier}"))`,
    );
  return `(function ($get, $load, require, $root, ${TIMERS}) { "use strict"; ${imports.join("")}${body}\n})`;
}

/** The imports at the top. */
function headOf(text: string): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  IMPORT.lastIndex = 0;
  for (let match = IMPORT.exec(text); match !== null; match = IMPORT.exec(text)) found.push(match);
  return found;
}

/** An importer gets the value, not the variable: it would miss a later change. */
function refuseChanges(chunk: string, text: string, list: string): void {
  for (const [, name] of list.matchAll(/([\w$]+)(?: as [\w$]+)?,?\s/g)) {
    const escaped = name.replaceAll("$", "\\$");
    if (
      new RegExp(`^\\s*(?:${escaped} *(?:[-+*/%&|^?]*=(?![=>])|\\+\\+|--)|(?:\\+\\+|--)${escaped}\\b)`, "m").test(text)
    ) {
      throw new Error(
        `Cannot compile: "${name}" in ${chunk} is exported and changed; export a function that returns it`,
      );
    }
  }
}

function nameOf(from: string, specifier: string): string {
  return join(dirname(from), specifier).replaceAll("\\", "/");
}
