// Fails where a comment, a message or a page is worded as in another language, or a constant has a private name. Each rule
// says what to write instead. It reads lib, scripts, mod.ts, cli.ts and the pages in Markdown; of tests, only the names.

/** A wording that is refused. */
interface Rule {
  readonly pattern: RegExp;
  readonly instead: string;
  /** The paths that it holds for. Default: all. */
  readonly only?: RegExp;
}

/** Where a sentence begins: at the start of a comment, a text or a paragraph, or after another sentence. */
const OPENING = String.raw`(?:^|[.!?:] |["\x60])`;

/** Words after which "no" does not negate a noun. */
const COMPARED = "longer|more|less|better|worse|other|bigger|larger|faster|slower";

const SENTENCES: readonly Rule[] = [
  {
    pattern: new RegExp(
      String.raw`(?<!\bthere )\b(?:is|are|was|were) no\b(?! (?:${COMPARED})\b)(?=[ ,.;)])`,
      "i",
    ),
    instead: '"is not a …"',
  },
  {
    pattern: /(?<!\bthere )\b(?:is|are|was|were) none\b(?!(?: [a-z]+)? of\b)/,
    instead: '"is not one", "is malformed", "otherwise …"',
  },
  { pattern: /\bnone such\b/i, instead: '"no such …"' },
  {
    pattern: /\b(?:starts?|begins?|ends?|called|named) so\b(?! (?:that|far|as|long|often|early|late)\b)/i,
    instead: '"starts with …", or the name itself',
  },
  { pattern: /\b(?:told|tells?|telling) of\b/i, instead: '"reports", "is called for each …"' },
  { pattern: /\bwhat is new\b/i, instead: '"new lines", "changes"' },
  {
    pattern: new RegExp(String.raw`${OPENING}Who(?! [^.]*\?)(?= )`),
    instead: 'a person or a program as the subject: "a client that …"',
  },
  { pattern: /\bhow (?:it|they|an? run|the run|runs) (?:is|are) doing\b/i, instead: '"its status"' },
  { pattern: /\ball the same\b/i, instead: '"anyway", "nevertheless"' },
  { pattern: /\ba row an? (?:run|experiment|log|series|event|file|point)\b/i, instead: '"one row per …"' },
  { pattern: /\b(?:of|in) version [01]\b/, instead: '"v0", "v1"', only: /^lib\/.*\.ts$/ },
  { pattern: /\bnobody (?:knows|else|could)\b/i, instead: '"unknown", "no other …", "cannot"', only: /^lib\/.*\.ts$/ },
];

const NAMES: readonly Rule[] = [
  { pattern: /\b(?:MOST|LONGEST|LEAST|GREATEST|SHORTEST|FEWEST|WORTH)(?:_[A-Z0-9]+)*\b/, instead: "MAX_… or MIN_…" },
  { pattern: /\b(?:[A-Z0-9]+_)*PATIENCE(?:_[A-Z0-9]+)*\b/, instead: "…_TIMEOUT_MS or …_BACKOFF_MS" },
  { pattern: /\bGRAIN(?:_[A-Z0-9]+)*\b/, instead: "TIMESTAMP_GRANULARITY_MS" },
];

/** Files whose words are not dbx's own, or that have to name what they refuse. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "scripts/check_words.ts": "names the patterns",
};

const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
const errors: string[] = [];
let files = 0;

/** Lines that are read as one: those of a comment or a paragraph, each from an offset in the text on. */
interface Passage {
  text: string;
  readonly lines: [from: number, line: number][];
}

/** The lines of a file, those of one comment or paragraph together: a wording may be broken across them. */
function passagesOf(path: string): Passage[] {
  const isCode = path.endsWith(".ts");
  const passages: Passage[] = [];
  let isOpen = false;
  for (const [at, line] of Deno.readTextFileSync(root + path).split("\n").entries()) {
    const [mark] = /^\s*(?:\/\/+|\/?\*+(?!\/))?\s*/.exec(line)!;
    const isText = isCode ? /[*/]/.test(mark) : !/^\s*(?:[|#>]|[-*] |\d+\. |```|$)/.test(line);
    const content = line.slice(mark.length);
    const last = passages.at(-1);
    if (isOpen && isText && content !== "" && last !== undefined && !content.startsWith("@") && !mark.includes("/*")) {
      last.lines.push([last.text.length + 1, at + 1]);
      last.text += ` ${content}`;
    } else passages.push({ text: isText ? content : line, lines: [[0, at + 1]] });
    isOpen = isCode ? isText : line.trim() !== "" && !/^\s*(?:[|#]|```)/.test(line);
  }
  return passages;
}

function check(path: string, rules: readonly Rule[]): void {
  if (path in EXCEPTIONS) return;
  files++;
  for (const { text, lines } of passagesOf(path)) {
    for (const { pattern, instead, only } of rules) {
      if (only?.test(path) === false) continue;
      const found = pattern.exec(text);
      if (found === null) continue;
      const [, line] = lines.findLast(([from]) => from <= found.index)!;
      errors.push(`${path}:${line}: "${found[0].trim()}": write ${instead}`);
    }
  }
}

/** The files below a folder that are code or pages, relative to the root of the tree. */
function filesBelow(folder: string): string[] {
  return Array.from(Deno.readDirSync(root + folder)).flatMap(({ name, isDirectory }) => {
    if (isDirectory) return filesBelow(`${folder}/${name}`);
    return /\.(?:ts|md)$/.test(name) ? [`${folder}/${name}`] : [];
  }).sort();
}

const own = ["mod.ts", "cli.ts", "README.md", "CHANGELOG.md", ".github/CONTRIBUTING.md"];
for (const path of [...own, ...filesBelow("lib"), ...filesBelow("scripts")]) check(path, [...SENTENCES, ...NAMES]);
for (const path of filesBelow("tests")) check(path, path.endsWith(".md") ? SENTENCES : NAMES);
for (const path of Object.keys(EXCEPTIONS)) {
  if (!Deno.statSync(root + path).isFile) errors.push(`${path}: is named here, but is not a file`);
}
for (const error of errors) console.error(error);
if (errors.length > 0) Deno.exit(1);
console.log(`words: ${files} files are worded plainly`);
