import type { Json, JsonObject } from "../../../base/json.ts";
import { isNumeric, parseTypedValue } from "../../../cli/typed_value.ts";
import { trainingOf } from "./training_command.ts";

/** `--lr`, `-lr`, `--lr=0.1`; names in any script. */
const FLAG = /^--?([\p{L}_][^\s=]*)(?:=(.*))?$/su;
/** `-b32`: a letter and its number. */
const ATTACHED = /^-(\p{L})([+-]?[\d.].*)$/u;
/** `lr=0.1`, and hydra's `+lr=0.1`, `++model.lr=0.1`, `db@backup=mysql`. */
const PAIR = /^\+{0,2}([\p{L}_][\p{L}\p{N}_.\-/@:]*)=(.*)$/su;
/** Hydra's `~db` and `~db=mysql`. */
const REMOVAL = /^(~[\p{L}_][\p{L}\p{N}_.\-/@:]*)(?:=(.*))?$/su;

/**
 * The params in a command's own words, after launchers and interpreters: `--lr 0.1`, `--lr=0.1`, `lr=0.1`, `-b 32`,
 * `-b32`, `--flag`, `--no-flag`, and words that belong to no flag as the list `args`.
 *
 * More than one number after a flag is a list (`--layers 128 64`), as are texts after a flag whose name is a plural
 * (`--targets q k v`), and the values of a flag that comes again. What a word means to the program cannot be known: a
 * word after a flag counts as its value. The cases are in `tests/data/params/`.
 */
export function childParams(words: readonly string[]): JsonObject {
  const { args } = trainingOf(words);
  const params = new Params();
  let at = 0;
  while (at < args.length) {
    const word = args[at++];
    if (word === "--") {
      args.slice(at).forEach((rest) => params.position(rest));
      break;
    }
    const attached = ATTACHED.exec(word);
    if (attached !== null && isNumeric(attached[2])) {
      params.add(attached[1], parseTypedValue(attached[2], attached[1]));
      continue;
    }
    const flag = FLAG.exec(word);
    if (flag !== null) {
      const [, name, value] = flag;
      if (value !== undefined) params.add(name, parseTypedValue(value, name));
      else at += params.flag(name, valuesAfter(name, args, at));
      continue;
    }
    const pair = REMOVAL.exec(word) ?? PAIR.exec(word);
    if (pair !== null && !isPath(pair[1], pair[2] ?? "")) {
      params.add(pair[1], pair[2] === undefined ? true : parseTypedValue(pair[2], pair[1]));
    } else params.position(word);
  }
  return params.build();
}

class Params {
  readonly #values = new Map<string, Json>();
  readonly #repeated = new Set<string>();
  readonly #positions: Json[] = [];

  add(name: string, value: Json): void {
    const before = this.#values.get(name);
    if (before === undefined) return void this.#values.set(name, value);
    // A list that was written as one is an item when its flag comes again; what a repetition made is added to.
    this.#values.set(name, this.#repeated.has(name) ? [...before as Json[], value] : [before, value]);
    this.#repeated.add(name);
  }

  /** Adds a flag with the words after it; how many of them it took. */
  flag(name: string, values: readonly string[]): number {
    if (values.length === 0) {
      if (name.startsWith("no-") && name.length > 3) this.add(name.slice(3), false);
      else this.add(name, true);
    } else {
      const list = values.map((value) => parseTypedValue(value, name));
      this.add(name, list.length === 1 ? list[0] : list);
    }
    return values.length;
  }

  position(word: string): void {
    this.#positions.push(parseTypedValue(word));
  }

  build(): JsonObject {
    const params = Object.fromEntries([...this.#values].filter(([name]) => name !== "__proto__"));
    // A flag of that name has it already.
    if (this.#positions.length > 0) params["args" in params ? "_args" : "args"] = this.#positions;
    return params;
  }
}

/** The words after a flag that are its values. */
function valuesAfter(name: string, args: readonly string[], at: number): readonly string[] {
  const first = args[at];
  if (first === undefined || !isValue(first)) return [];
  const joins = isNumeric(first) ? isNumeric : isPlural(name) ? isText : () => false;
  // `--no-bar data/`: a negation that is followed by a text has no value.
  if (name.startsWith("no-") && !isNumeric(first)) return [];
  let end = at + 1;
  while (end < args.length && joins(args[end])) end++;
  return args.slice(at, end);
}

/** A word after a flag is its value unless it is a flag itself or a pair; a negative number is a value. */
function isValue(word: string): boolean {
  return isNumeric(word) || isText(word);
}

function isText(word: string): boolean {
  return !(/^-./.test(word) || PAIR.test(word) || REMOVAL.test(word));
}

function isPlural(name: string): boolean {
  return name.length >= 4 && /[^\W\d_s]s$/i.test(name);
}

/** `s3://bucket/day=3/part` is a path with an equals sign, not a pair. */
function isPath(name: string, value: string): boolean {
  return name.includes("//") || name.includes("/") && value.includes("/");
}
