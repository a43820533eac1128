import { lastSegment } from "../../../base/paths.ts";
import { type Interpreter, INTERPRETERS, type Launcher, LAUNCHERS } from "./launchers.ts";
import { innerCommand } from "./shell_words.ts";

/** What a command line starts, behind everything that only helps to start it. */
export interface Training {
  /** The script's name without its extension, the module's, or the program's. */
  readonly kind: string;
  /** The script, module or program as it is written. */
  readonly script: string;
  /** Its own words. */
  readonly args: readonly string[];
}

const SCRIPT = /\.(py|pyw|pyz|sh|bash|zsh|fish|ts|mts|js|mjs|cjs|R|r|jl|lua|pl|rb)$/;

/** Finds the training in the words of a command: steps over launchers (`srun`, `torchrun`, …) and interpreters. */
export function trainingOf(words: readonly string[]): Training {
  let at = 0;
  let inPython = false;
  // Each turn steps over one launcher; a command that only has launchers ends with its own first word.
  while (at < words.length) {
    const launcher = inPython ? undefined : launcherAt(words, at);
    if (launcher === undefined) break;
    const next = afterLauncher(words, at + launcher.name.split(" ").length, launcher);
    if (next.module) return moduleAt(words, next.at) ?? unsplitCommand(words);
    if (next.at >= words.length) return unsplitCommand(words);
    at = next.at;
    inPython = next.python;
  }
  if (at >= words.length) return unsplitCommand(words);
  // `uv run train.py` and `torchrun train.py` have no interpreter.
  if (inPython || SCRIPT.test(words[at])) return scriptAt(words, at);
  const interpreter = INTERPRETERS.find(({ name }) => name.test(lastSegment(words[at])));
  return interpreter === undefined ? scriptAt(words, at) : inInterpreter(words, at, interpreter);
}

function unsplitCommand(words: readonly string[]): Training {
  return scriptAt(words, 0);
}

function scriptAt(words: readonly string[], at: number): Training {
  const script = words[at] ?? "";
  return { kind: lastSegment(script).replace(SCRIPT, ""), script, args: words.slice(at + 1) };
}

/** A module, and the training behind it where the module is a launcher. */
function moduleAt(words: readonly string[], at: number): Training | undefined {
  const module = words[at];
  if (module === undefined) return undefined;
  if (LAUNCHERS.some(({ name }) => name === module)) return trainingOf(words.slice(at));
  return { kind: module.replace(/\.__main__$/, ""), script: module, args: words.slice(at + 1) };
}

function launcherAt(words: readonly string[], at: number): Launcher | undefined {
  const program = lastSegment(words[at]);
  return LAUNCHERS.find(({ name }) => {
    const [first, second] = name.split(" ");
    return first === program && (second === undefined || second === words[at + 1]);
  });
}

interface Next {
  readonly at: number;
  /** Whether a script of Python stands there. */
  readonly python: boolean;
  /** Whether a module stands there. */
  readonly module: boolean;
}

/** Where the command begins that a launcher starts. */
function afterLauncher(words: readonly string[], start: number, launcher: Launcher): Next {
  const { valued = "", valuedTwice = "", assignments, guesses, name } = launcher;
  const takesValue = new Set(valued.split(" "));
  const takesTwo = new Set(valuedTwice.split(" "));
  let { python = false } = launcher;
  let operands = launcher.operands ?? 0;
  let at = start;
  for (; at < words.length; at++) {
    const word = words[at];
    if (word === "--") {
      at += 1 + operands;
      break;
    }
    if (assignments && /^[\p{L}_][\p{L}\p{N}_]*=/u.test(word)) continue;
    if (!/^-./.test(word)) {
      if (operands-- > 0) continue;
      break;
    }
    const option = optionOf(word);
    if ((python || name === "uv run") && (option === "m" || option === "module")) {
      return { at: at + 1, python: false, module: true };
    }
    if (option === "no-python") python = false;
    else if (word.includes("=")) continue;
    else if (takesTwo.has(option)) at += 2;
    else if (takesValue.has(option)) at++;
    else if (guesses && isGuessedValue(words, at + 1)) at++;
  }
  return { at, python, module: false };
}

/** The name of an option without hyphens, `-` for `_`. */
function optionOf(word: string): string {
  return word.replace(/^--?/, "").replace(/=.*$/s, "").replaceAll("_", "-");
}

/** A word after an option that is not known: a value, unless it is an option itself or the script. */
function isGuessedValue(words: readonly string[], at: number): boolean {
  return at < words.length - 1 && !words[at].startsWith("-") && !SCRIPT.test(words[at]);
}

function inInterpreter(words: readonly string[], start: number, interpreter: Interpreter): Training {
  const { valued = "", code = "", module = "", verb } = interpreter;
  const [takesValue, takesCode, takesModule] = [valued, code, module].map((names) => new Set(names.split(" ")));
  let at = start + 1;
  if (verb !== undefined && words[at] === verb) at++;
  for (; at < words.length; at++) {
    const word = words[at];
    if (word === "--" || !/^-./.test(word)) break;
    const option = optionOf(word);
    // Of letters that are written together (`-uc`), the last one may take a word.
    const last = /^-[A-Za-z]+$/.test(word) ? word.at(-1)! : option;
    if (takesModule.has(option) || takesModule.has(last)) return moduleAt(words, at + 1) ?? scriptAt(words, start);
    if (takesCode.has(option) || takesCode.has(last)) {
      const inner = interpreter.shell && at + 1 < words.length ? innerCommand(words[at + 1]) : undefined;
      if (inner !== undefined) return trainingOf(inner);
      return { kind: lastSegment(words[start]), script: words[start], args: words.slice(at + 2) };
    }
    if (!word.includes("=") && takesValue.has(option)) at++;
  }
  if (words[at] === "--") at++;
  return at < words.length && words[at] !== "-" ? scriptAt(words, at) : {
    kind: lastSegment(words[start]),
    script: words[start],
    args: words.slice(at + 1),
  };
}
