// Fails where lib/docs/SECURITY.md names a test, the title of a test, a file or a name in code that does not exist, or has
// a row in a table that names no test. A promise without a test belongs under "Not covered", or is not made.

const DOCUMENT = "lib/docs/SECURITY.md";
/** The head of a table of promises; other tables hold figures. */
const PROMISES = "Promise | Mechanism | Test";

const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
const errors: string[] = [];

/** The files below a folder whose names end in `.ts`, relative to the root of the tree. */
function sourcesBelow(folder: string): string[] {
  return Array.from(Deno.readDirSync(root + folder)).flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sourcesBelow(`${folder}/${name}`);
    return name.endsWith(".ts") ? [`${folder}/${name}`] : [];
  });
}

const tests = sourcesBelow("tests");
const code = sourcesBelow("lib");
const words = new Set(code.flatMap((path) => Deno.readTextFileSync(root + path).match(/[A-Za-z_]\w*/g) ?? []));

/** The one file among `files` that a name or path means: one in `tests/security` comes before others of its name. */
function fileOf(name: string, files: readonly string[]): string | undefined {
  const fits = files.filter((path) => path === name || path.endsWith(`/${name}`));
  return fits.find((path) => path === `tests/security/${name}`) ?? (fits.length === 1 ? fits[0] : undefined);
}

const LITERAL = String.raw`("(?:[^"\\]|\\.)*"|` + "`(?:[^`\\\\]|\\\\.)*`)";
const TITLE = new RegExp(String.raw`(?:[tT]est|\.step)\(\s*(?:\{\s*name:\s*)?` + LITERAL, "g");

/** The titles of the tests in a file, each as a pattern that its quotation must be a part of. */
const titles = new Map<string, readonly string[]>();
function titlesOf(path: string): readonly string[] {
  let found = titles.get(path);
  if (found === undefined) {
    found = Array.from(Deno.readTextFileSync(root + path).matchAll(TITLE), ([, literal]) => literal.slice(1, -1));
    titles.set(path, found);
  }
  return found;
}

/** Whether a quotation, which may leave parts out by `…`, stands in a title; what a template puts in may be anything. */
function isIn(quotation: string, title: string): boolean {
  const parts = quotation.split("…").map((part) => part.trim()).filter((part) => part !== "");
  let from = 0;
  for (const part of parts) {
    const at = title.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return parts.length > 0;
}

/** Looks at the test cell of a row; gives the file that a following row means by a title alone. */
function checkTests(cell: string, before: string | undefined, where: string): string | undefined {
  let file = before;
  let isNamed = cell.includes("the same");
  for (const [, name, quotation] of cell.matchAll(/`([\w/.]+\.ts)`|"([^"]+)"/g)) {
    if (name !== undefined) {
      file = fileOf(name, tests);
      if (file === undefined) errors.push(`${where}: there is no test file "${name}", or several`);
      isNamed = true;
    } else if (file !== undefined) {
      if (!titlesOf(file).some((title) => isIn(quotation, title))) {
        errors.push(`${where}: no test in ${file} has a title with "${quotation}"`);
      }
      isNamed = true;
    }
  }
  if (!isNamed || file === undefined) errors.push(`${where}: names no test`);
  return file;
}

/** Looks at the files and names in code that a text speaks of. */
function checkNames(text: string, where: string): void {
  for (const [, name] of text.matchAll(/`([^`]+)`/g)) {
    if (/^[\w/]+\.ts$/.test(name)) {
      const isThere = name.startsWith("scripts/") ? isFile(name) : fileOf(name, [...code, ...tests]) !== undefined;
      if (!isThere) errors.push(`${where}: there is no file "${name}", or several`);
    } else if (/^(lib|tests)\/[\w/]+$/.test(name)) {
      if (![...code, ...tests].some((path) => path.startsWith(name.replace(/\/?$/, "/")))) {
        errors.push(`${where}: there is no folder "${name}"`);
      }
    } else if (/^(?:[a-z]+[A-Z]|[A-Z][a-z])\w*(?:\.\w+)*$/.test(name)) {
      const missing = name.split(".").find((word) => !words.has(word));
      if (missing !== undefined) errors.push(`${where}: nothing in lib is called "${missing}"`);
    }
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(root + path).isFile;
  } catch {
    return false;
  }
}

let rows = 0;
let table: "promises" | "figures" | undefined;
let file: string | undefined;
Deno.readTextFileSync(root + DOCUMENT).split("\n").forEach((line, at) => {
  const where = `${DOCUMENT}:${at + 1}`;
  checkNames(line, where);
  if (!line.startsWith("|")) return void (table = undefined);
  const cells = line.split("|").slice(1, -1).map((cell) => cell.trim());
  if (table === undefined) {
    file = undefined;
    table = cells.join(" | ").startsWith(PROMISES) ? "promises" : "figures";
    return;
  }
  if (table === "figures" || cells.every((cell) => /^:?-+:?$/.test(cell))) return;
  rows++;
  if (cells.length !== 3) errors.push(`${where}: has ${cells.length} cells rather than 3`);
  file = checkTests(cells[2] ?? "", file, where);
});

for (const error of errors) console.error(error);
if (errors.length > 0) Deno.exit(1);
console.log(`security: each of ${rows} promises names a test that exists`);
