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

/** A stream of `tests/data/scalars/`: lines, and what is found in each. */
export interface ScalarStream {
  readonly auto: boolean;
  readonly lines: readonly {
    readonly at: string;
    readonly text: string;
    found?: { readonly data: Record<string, number>; readonly format: string };
  }[];
}

/** All streams of printed lines. */
export function scalarStreams(): ScalarStream[] {
  const special: Record<string, number> = { nan: NaN, inf: Infinity, "-inf": -Infinity };
  return readTables("scalars").flatMap(({ name, lines }) => {
    const streams: { auto: boolean; lines: ScalarStream["lines"][number][] }[] = [{ auto: false, lines: [] }];
    lines.forEach((line, index) => {
      const at = `${name}:${index + 1}`;
      const stream = streams.at(-1)!;
      const answer = /^= (\{.*\}) (.+)$/.exec(line);
      if (line === "") streams.push({ auto: false, lines: [] });
      else if (line === "! auto") stream.auto = true;
      else if (line.startsWith("> ")) stream.lines.push({ at, text: line.slice(2) });
      else if (answer !== null && stream.lines.length > 0) {
        const data = JSON.parse(answer[1], (_, value) => typeof value === "string" ? special[value] : value);
        stream.lines.at(-1)!.found = { data, format: answer[2] };
      } else if (!line.startsWith("#")) {
        throw new Error(`Cannot read the case at ${at}: expected "> line", then "= {scalars} format"`);
      }
    });
    return streams.filter(({ lines }) => lines.length > 0);
  });
}
