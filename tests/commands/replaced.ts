/** Puts names into the place of what differs from run to run: ids, times, folders. Ids keep their length, so that tables keep their columns. */
export class Replaced {
  /** The variables that name the ids for a shell: `EXP1`, `RUN1`, `REPO1`. */
  readonly variables: Record<string, string> = {};
  readonly #names = new Map<string, string>();
  readonly #counts = { exp: 0, run: 0, repo: 0, id: 0 };

  /** `folder`: in which the commands run. */
  constructor(readonly folder: string) {}

  /** Names the ids that have come since the last look. */
  look(): void {
    this.#lookIn(this.folder);
  }

  #lookIn(folder: string): void {
    const entries = [...Deno.readDirSync(folder)].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, isDirectory } of entries) {
      const path = `${folder}/${name}`;
      if (/^[0-9a-z]{13}$/.test(name)) this.#name(folder.endsWith("/runs") ? "run" : "exp", name);
      if (isDirectory && name !== "objects" && name !== ".dbx") this.#lookIn(path);
      else if (name === "dbx.json") this.#name("repo", JSON.parse(Deno.readTextFileSync(path)).id);
    }
    // Requests and runs that are asked for have ids too, which stand in logs only.
    for (const { name } of entries.filter(({ name }) => name.endsWith(".log.jsonl"))) {
      for (const [, id] of Deno.readTextFileSync(`${folder}/${name}`).matchAll(/"([0-9a-z]{13})"/g)) {
        this.#name("id", id);
      }
    }
  }

  #name(kind: "exp" | "run" | "repo" | "id", id: string): void {
    if (this.#names.has(id)) return;
    const number = ++this.#counts[kind];
    this.variables[`${kind.toUpperCase()}${number}`] = id;
    this.#names.set(id, `<${kind}-${String(number).padStart(10 - kind.length, "0")}>`);
  }

  /** The lines of an output, with the names. */
  linesOf(output: string): string[] {
    let text = output.replaceAll(this.folder, "<folder>");
    for (const [id, name] of this.#names) text = text.replaceAll(id, name);
    text = text
      .replaceAll(Deno.hostname(), "<host>")
      .replace(/\b\d+(?:\.\d+)? (?:bytes|[KMG]?i?B)\b/g, (size) => size === "0 B" ? size : "<size>")
      .replace(/("(?:bytes|kept|read)": ?)[1-9]\d*/g, "$1<size>")
      .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?/g, "<time>")
      .replace(/("(?:ts|\w*(?:At|_at|ms|Ms))": ?)\d+(?:\.\d+)?/g, (all, name) => isNow(all) ? `${name}<time>` : all)
      .replace(/(?<![\w.=:-])\d+(?:\.\d+)?(?:ms|s|m|h|d)\b/g, "<time>");
    const lines = text.split("\n\n").map(aligned).join("\n\n").split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines;
  }
}

/** Whether a number is a time or a length of time, but not one that a file of the script gives. */
function isNow(text: string): boolean {
  const number = Number(text.slice(text.indexOf(":") + 1));
  return number > 1_750_000_000_000 || number < 1_000_000;
}

/** A paragraph whose columns are as wide as their times has two spaces between them. */
function aligned(paragraph: string): string {
  if (!/<time>|<size>/.test(paragraph)) return paragraph;
  return paragraph.split("\n").map((line) => line.replace(/(?<=\S) {2,}/g, "  ").trimEnd()).join("\n");
}
