// Reads and writes the scripts in `tests/commands/`, whose form the README beside them describes.

/** What a command line printed, and how it ended. */
export interface Answer {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly code: number;
}

/** A command line with what it must answer. */
export interface Step {
  /** Lines before it: comments, and empty ones. */
  readonly before: readonly string[];
  /** For a shell. */
  readonly command: string;
  readonly answer: Answer;
  /** The number of the line in which it stands. */
  readonly line: number;
}

/** A story of commands, and the files that they find. */
export interface Script {
  readonly steps: readonly Step[];
  readonly files: ReadonlyMap<string, string>;
  /** The part with the files, as it stands. */
  readonly tail: string;
}

const FILE = /^-- (\S+) --$/;

/** Reads a script. Throws with the line where it does not read. */
export function parseScript(text: string): Script {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => FILE.test(line));
  const own = first < 0 ? lines : lines.slice(0, first);
  return {
    steps: parseSteps(own),
    files: parseFiles(first < 0 ? [] : lines.slice(first)),
    tail: first < 0 ? "" : lines.slice(first).join("\n"),
  };
}

function parseSteps(lines: readonly string[]): Step[] {
  const steps: Step[] = [];
  let before: string[] = [];
  let said: string[] = [];
  let step: { before: string[]; command: string; line: number } | undefined;
  const end = () => {
    // Empty lines and comments behind an answer belong to what follows.
    let length = said.length;
    while (length > 0 && (said[length - 1] === "" || said[length - 1].startsWith("# "))) length--;
    before = said.splice(length);
    if (step !== undefined) steps.push({ ...step, answer: parseAnswer(said, step.line) });
    else if (said.length > 0) throw new Error(`line ${lines.indexOf(said[0]) + 1}: expected "$ " and a command`);
  };
  for (const [at, line] of lines.entries()) {
    if (line.startsWith("$ ")) {
      end();
      step = { before, command: line.slice(2), line: at + 1 };
      said = [];
    } else said.push(line);
  }
  end();
  return steps;
}

function parseAnswer(lines: readonly string[], line: number): Answer {
  const stdout: string[] = [], stderr: string[] = [];
  let code = 0;
  for (const text of lines) {
    if (text.startsWith("! ") || text === "!") stderr.push(text.slice(2));
    else if (/^\? \d+$/.test(text)) code = Number(text.slice(2));
    else if (stderr.length > 0) throw new Error(`line ${line}: what goes to stdout stands before what goes to stderr`);
    else stdout.push(text.startsWith("\\") ? text.slice(1) : text);
  }
  return { stdout, stderr, code };
}

function parseFiles(lines: readonly string[]): Map<string, string> {
  const files = new Map<string, string>();
  let name = "";
  for (const line of lines) {
    const found = FILE.exec(line);
    if (found !== null) files.set(name = found[1], "");
    else files.set(name, `${files.get(name)}${line}\n`);
  }
  // The last line of the script ends the last file.
  if (name !== "") files.set(name, files.get(name)!.slice(0, -1));
  return files;
}

/** The text of a script with other answers. */
export function printScript({ steps, tail }: Script, answers: readonly Answer[]): string {
  const lines = steps.flatMap(({ before, command }, at) => {
    const { stdout, stderr, code } = answers[at];
    const isLast = (index: number) => index === stdout.length - 1;
    return [
      ...before,
      `$ ${command}`,
      ...stdout.map((line, index) =>
        /^(?:[$!?#\\] |[!\\]$|-- )/.test(line) || line === "" && isLast(index) ? `\\${line}` : line
      ),
      ...stderr.map((line) => `! ${line}`.trimEnd()),
      ...code === 0 ? [] : [`? ${code}`],
    ];
  });
  return lines.join("\n") + "\n" + (tail === "" ? "" : `\n${tail}`);
}

/** Whether an answer is the one that is written down, in which a line `~ pattern` stands for whatever it matches. */
export function isAnswer(actual: Answer, wanted: Answer): boolean {
  const fits = (lines: readonly string[], patterns: readonly string[]) =>
    lines.length === patterns.length && lines.every((line, at) => {
      const pattern = patterns[at];
      return line === pattern || pattern.startsWith("~ ") && new RegExp(`^${pattern.slice(2)}$`).test(line);
    });
  return actual.code === wanted.code && fits(actual.stdout, wanted.stdout) && fits(actual.stderr, wanted.stderr);
}
