/** A place in the code with what breaks it. */
export interface Mutant {
  /** Where it is written down. */
  readonly at: string;
  readonly what: string;
  /** Relative to the root of the tree, as are the tests. */
  readonly file: string;
  /** What stands there once. */
  readonly old: string;
  readonly broken: string;
  readonly tests: readonly string[];
}

/** Reads `scripts/mutants/*.txt`, whose form their README describes. Throws with the line where one does not read. */
export function readMutants(root: string): Mutant[] {
  const folder = `${root}scripts/mutants`;
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".txt")).sort();
  return files.flatMap((name) => parse(Deno.readTextFileSync(`${folder}/${name}`), name));
}

function parse(text: string, name: string): Mutant[] {
  const mutants: Mutant[] = [];
  text.split(/\n\n+/).reduce((line, block) => {
    const lines = block.split("\n").filter((one) => one !== "" && !one.startsWith("#"));
    if (lines.length > 0) mutants.push(parseOne(lines, `${name}:${line}`));
    return line + block.split("\n").length + 1;
  }, 1);
  return mutants;
}

function parseOne([what, ...lines]: readonly string[], at: string): Mutant {
  const those = (sign: string) =>
    lines.filter((line) => line === sign || line.startsWith(`${sign} `)).map((line) => line.slice(2));
  const [[file, more], tests, old, broken] = [those("@"), those("?"), those("-"), those("+")];
  const read = 1 + tests.length + old.length + broken.length;
  if (file === undefined || more !== undefined || tests.length === 0 || old.length === 0 || read !== lines.length) {
    throw new Error(`${at}: expected what breaks, then lines with "@ file", "- old", "+ new" and "? test"`);
  }
  return { at, what, file, old: old.join("\n"), broken: broken.join("\n"), tests };
}

/** What of the places is not in the code, one message each. */
export function wrongMutants(root: string, mutants: readonly Mutant[]): string[] {
  return mutants.flatMap(({ at, file, old, broken, tests }) => {
    const text = readText(`${root}${file}`);
    const wrong: string[] = [];
    const said = `scripts/mutants/${at}`;
    if (text === undefined) wrong.push(`${said}: there is no file ${file}; write down where the code went`);
    else {
      const times = text.split(old).length - 1;
      const why = times === 0 ? "does not contain" : `contains ${times} times`;
      if (times !== 1) wrong.push(`${said}: ${file} ${why} the text below; write down what stands there now\n${old}`);
    }
    if (old === broken) wrong.push(`${said}: it breaks nothing`);
    for (const test of tests) {
      if (readText(`${root}${test}`) === undefined) wrong.push(`${said}: there is no test ${test}`);
    }
    return wrong;
  });
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
