// Reads the tables of cases in `tests/data/`.

/** A case of `tests/data/params/`. */
export interface ParamsCase {
  readonly at: string;
  readonly words: readonly string[];
  readonly kind: string;
  readonly params: unknown;
}

/** The cases of a folder of `tests/data/`, by file. */
export function readTables(folder: string): { name: string; lines: string[] }[] {
  const url = new URL(`./${folder}/`, import.meta.url);
  const files = [...Deno.readDirSync(url)].map(({ name }) => name).filter((name) => name.endsWith(".txt")).sort();
  return files.map((name) => ({ name, lines: Deno.readTextFileSync(new URL(name, url)).split("\n") }));
}

/** All cases of params. */
export function paramsCases(): ParamsCase[] {
  return readTables("params").flatMap(({ name, lines }) => {
    const cases: ParamsCase[] = [];
    let words: string[] | undefined;
    lines.forEach((line, index) => {
      const at = `${name}:${index + 1}`;
      if (line === "" || line.startsWith("#")) return;
      const answer = /^= (\S+) (\{.*\})$/.exec(line);
      if (line.startsWith("$ ") && words === undefined) words = splitWords(line.slice(2));
      else if (answer !== null && words !== undefined) {
        cases.push({ at, words, kind: answer[1], params: JSON.parse(answer[2]) });
        words = undefined;
      } else throw new Error(`Cannot read the case at ${at}: expected "$ words", then "= kind {params}"`);
    });
    return cases;
  });
}

/** Words as a shell takes them, as far as spaces and quotes go. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)]
    .map(([word]) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
}
