import type { Command, CommandTable, Completion } from "../command.ts";
import { shownOptionsOf } from "../common_options.ts";
import { CAPTURED_PACKAGES } from "../config/captured_packages.ts";
import type { OptionSpec } from "../options.ts";

/** What may stand where a word is being typed. */
export interface Wanted {
  /** Words that are known without looking anywhere, each with what it means. */
  readonly words: readonly (readonly [word: string, help: string])[];
  /** What has to be looked up. */
  readonly completions: readonly Completion[];
  /** What was typed of it. */
  readonly typed: string;
  /** What stands before that in the word: `--cols=a,` */
  readonly before: string;
  /** Whether it is a value that names no file, so that a shell must not offer any by itself. */
  readonly isNoFile?: boolean;
  /** The repository that the line names. */
  readonly repo?: string;
}

/** What the values of options name, by the names of these. */
const BY_OPTION: Readonly<Record<string, Completion | readonly Completion[]>> = {
  repo: "folder",
  kind: "kind",
  name: "name",
  tag: "tag",
  exp: "experiment",
  run: "experiment",
  cols: "column",
  sort: "column",
  "group-by": "column",
  plot: "series",
  "keep-best": "series",
  baseline: ["experiment", "tag", "file"],
  "token-file": "file",
  output: "file",
  params: "file",
};

/** Words that the value of an option may be, besides others. */
const WORDS_OF_OPTION: Readonly<Record<string, readonly string[]>> = {
  x: ["step", "time", "relative"],
  capture: ["auto", "none", ...CAPTURED_PACKAGES],
};

/** Values that name something among files, as the help calls them. */
const NAMES_FILES = /FILE|DIR|PATH|GLOB|URL/;

/** Options whose values are lists with commas. */
const LISTS = new Set(["cols", "group-by", "capture"]);

/** What the last of the words after `dbx` may be. */
export async function wantedFor(table: CommandTable, words: readonly string[]): Promise<Wanted> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const repo = repoIn(before);
  let commands = table;
  const rest = [...before];
  while (rest[0] === "-R" || rest[0] === "--repo" || rest[0]?.startsWith("--repo=")) {
    rest.splice(0, rest[0].includes("=") ? 1 : 2);
  }
  let command: Command | undefined;
  for (let name = rest.shift();; name = rest.shift()) {
    if (name === undefined) return { words: await namesOf(commands), completions: [], typed, before: "" };
    if (!Object.hasOwn(commands, name)) break;
    const { command: found } = await commands[name].describe();
    if (!("subcommands" in found)) {
      command = found;
      break;
    }
    commands = found.subcommands;
    if (rest.length > 0 && rest[0].startsWith("-")) rest.unshift(found.default);
  }
  if (command === undefined || rest.includes("--")) {
    return { words: [], completions: ["file"], typed, before: "", repo };
  }
  return { ...wantedOf(command, rest, typed), repo };
}

function wantedOf(command: Command, rest: readonly string[], typed: string): Omit<Wanted, "repo"> {
  const options = shownOptionsOf(command);
  const last = rest.at(-1);
  const open = last === undefined ? undefined : takingValue(options, last);
  if (open !== undefined) return ofOption(open, typed, "");
  const equals = /^--([\w-]+)=/.exec(typed);
  const spec = equals && options.find(({ name }) => name === equals[1]);
  if (spec) return ofOption(spec, typed.slice(equals[0].length), equals[0]);
  if (typed.startsWith("-")) {
    return { words: options.map(({ name, help }) => [`--${name}`, help] as const), completions: [], typed, before: "" };
  }
  const { choices = [], completes = [], max } = command.positionals;
  if (max === 0) return { words: [], completions: [], typed, before: "" };
  const isFirst = positionalsIn(options, rest) === 0;
  const words = isFirst ? choices.map((word) => [word, ""] as const) : [];
  const none = words.length === 0 && completes.length === 0;
  return { words, completions: none ? ["file"] : completes, typed, before: "" };
}

function ofOption(spec: OptionSpec, typed: string, before: string): Omit<Wanted, "repo"> {
  const value = spec.value ?? "";
  const isNoFile = !NAMES_FILES.test(value);
  if (spec.choices !== undefined) {
    return { words: spec.choices.map((word) => [word, ""] as const), completions: [], typed, before, isNoFile };
  }
  const kind = BY_OPTION[spec.name] ?? (value === "FILE" ? "file" : value === "DIR" ? "folder" : []);
  const completions = typeof kind === "string" ? [kind] : kind;
  // An order may be the other way round, and in a list only the last name is being typed.
  const head = LISTS.has(spec.name)
    ? typed.slice(0, typed.lastIndexOf(",") + 1)
    : spec.name === "sort" && typed.startsWith("-")
    ? "-"
    : "";
  return {
    words: (WORDS_OF_OPTION[spec.name] ?? []).map((word) => [word, ""] as const),
    completions,
    typed: typed.slice(head.length),
    before: before + head,
    isNoFile: isNoFile && !completions.some((one) => one === "file" || one === "folder"),
  };
}

/** The option that a word names, if what follows is its value. */
function takingValue(options: readonly OptionSpec[], word: string): OptionSpec | undefined {
  const spec = word.startsWith("--")
    ? options.find(({ name }) => `--${name}` === word)
    : /^-[A-Za-z]+$/.test(word)
    ? options.find(({ short }) => short === word.at(-1))
    : undefined;
  return spec?.kind === "flag" || spec?.kind === "optional" ? undefined : spec;
}

function positionalsIn(options: readonly OptionSpec[], rest: readonly string[]): number {
  return rest.filter((word, at) =>
    !word.startsWith("-") && (at === 0 || takingValue(options, rest[at - 1]) === undefined)
  ).length;
}

function repoIn(words: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    if (word.startsWith("--repo=")) return word.slice("--repo=".length);
    if ((word === "-R" || word === "--repo") && at + 1 < words.length) return words[at + 1];
  }
}

async function namesOf(table: CommandTable): Promise<(readonly [string, string])[]> {
  return await Promise.all(
    Object.entries(table).map(async ([word, { describe }]) => [word, (await describe()).command.summary] as const),
  );
}
