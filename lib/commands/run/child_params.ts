import type { Json, JsonObject } from "../../base/json.ts";

/**
 * The params in a command's own words: `--lr 0.1`, `--lr=0.1`, `lr=0.1`, `-b 32`, `--flag`, `--no-flag`. The first word is the
 * program; what stands before a script (`python -u train.py`) is the interpreter's and left out, as is `-c 'code'`. A flag
 * that comes again makes a list.
 */
export function childParams(words: readonly string[]): JsonObject {
  const params: JsonObject = {};
  const add = (name: string, value: Json) => {
    if (name === "" || name === "__proto__") return;
    if (!Object.hasOwn(params, name)) params[name] = value;
    else if (Array.isArray(params[name])) params[name].push(value);
    else params[name] = [params[name], value];
  };
  for (let i = ownWords(words); i < words.length; i++) {
    const word = words[i];
    const flag = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(word);
    if (flag !== null) {
      const [, name, attached] = flag;
      if (attached !== undefined) add(name, typed(attached));
      else if (i + 1 < words.length && isValue(words[i + 1])) add(name, typed(words[++i]));
      else if (name.startsWith("no-")) add(name.slice(3), false);
      else add(name, true);
      continue;
    }
    const pair = /^([A-Za-z_][\w.]*)=(.*)$/s.exec(word);
    if (pair !== null) add(pair[1], typed(pair[2]));
  }
  return params;
}

/** Where the words of the program itself begin. */
function ownWords(words: readonly string[]): number {
  const script = words.findIndex((word, at) => at > 0 && /\.(py|sh|bash|ts|mts|js|mjs|R|jl|lua|pl|rb)$/.test(word));
  if (script > 0 && INTERPRETER.test(words[0])) return script + 1;
  return INTERPRETER.test(words[0]) && /^-[a-z]*[cem]$/.test(words[1] ?? "") ? 3 : 1;
}

const INTERPRETER =
  /(^|\/)(sh|bash|zsh|dash|fish|env|python[\d.]*|torchrun|accelerate|deno|node|bun|perl|ruby|Rscript|julia|lua)$/;

/** A word after a flag is its value unless it is a flag itself or a pair; a negative number is a value. */
function isValue(word: string): boolean {
  return /^-?(\d|\.\d)/.test(word) || !(word.startsWith("-") || /^[A-Za-z_][\w.]*=/.test(word));
}

/** A text as the value it looks like: a number, true, false, null, else the text. */
export function typed(text: string): Json {
  if (/^[+-]?(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) {
    const number = Number(text.replaceAll("_", ""));
    // Digits that a double cannot hold, such as a long id, stay a text.
    if (Number.isFinite(number) && (!/^[+-]?\d+$/.test(text) || Number.isSafeInteger(number))) return number;
    return text;
  }
  if (text === "true" || text === "True") return true;
  if (text === "false" || text === "False") return false;
  if (text === "null" || text === "None") return null;
  if (/^[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}
