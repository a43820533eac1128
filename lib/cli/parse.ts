import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Command, OptionSpec, Parsed } from "./command.ts";

/** Options that every command has. */
const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    name: "repo",
    short: "R",
    kind: "list",
    value: "DIR|URL",
    help: "the repository",
    default: "$DBX_REPO, else the nearest one upward, else ./output",
  },
  { name: "help", short: "h", kind: "flag", help: "show this help" },
  { name: "show-permissions", kind: "flag", help: "print what this command line may access, and exit" },
];

/** What all commands take that send a token. */
export const INSECURE_OPTION: OptionSpec = {
  name: "insecure",
  kind: "flag",
  help: "allow sending the token over http to another machine, where others may read it",
};

/** What commands take besides, for which a repository may be a server. */
const SERVER_OPTIONS: readonly OptionSpec[] = [
  {
    name: "token-file",
    kind: "text",
    value: "FILE",
    help: "the file with the token for the server",
    default: "$DBX_TOKEN, else that of dbx login",
  },
  INSECURE_OPTION,
];

/** Every option of a command. */
export function optionsOf(command: Command): readonly OptionSpec[] {
  return [...command.options, ...command.servers ? SERVER_OPTIONS : [], ...COMMON_OPTIONS];
}

/** The options of a command that help and completions show. */
export function shownOptionsOf(command: Command): readonly OptionSpec[] {
  return optionsOf(command).filter((spec) => !spec.hidden);
}

/** With `--show-permissions`, every command takes it. */
const JSON_OPTION: OptionSpec = { name: "json", kind: "flag", help: "print them as JSON" };

/** The words with the command's name in front: `dbx --repo R ls` means `dbx ls --repo R`. */
export function commandFirst(args: readonly string[]): readonly string[] {
  let at = 0;
  while (at < args.length && /^(--repo|-R)(=|$)/.test(args[at])) at += args[at].includes("=") ? 1 : 2;
  if (at === 0) return args;
  if (at > args.length) throw new UsageError(`Cannot read "${args[at - 2]}": its value is missing`);
  if (at === args.length) throw new UsageError(`Cannot run dbx: a command is missing after "${args[0]}"; see dbx help`);
  return [args[at], ...args.slice(0, at), ...args.slice(at + 1)];
}

/** Parses a command line strictly: what is not declared is a `UsageError` that suggests the near name. */
export function parse(command: Command, args: readonly string[]): Parsed {
  const specs = specsFor(command, args);
  const options: Record<string, string | boolean | number | string[]> = {};
  const positionals: string[] = [];
  let rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--") {
      rest = args.slice(i + 1);
      if (command.takesRest) break;
      positionals.push(...rest);
      rest = [];
      break;
    }
    if (arg.startsWith("--")) {
      const equals = arg.indexOf("=");
      const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
      const spec = specs.find((item) => item.name === name);
      const negated = name.startsWith("no-") ? specs.find((item) => item.name === name.slice(3)) : undefined;
      if (spec === undefined && negated?.kind === "flag" && equals < 0) {
        options[negated.name] = false;
        continue;
      }
      if (spec === undefined) throw unknown(command, `--${name}`, specs);
      if (spec.kind === "flag") {
        if (equals >= 0) throw new UsageError(`Cannot read "${arg}": --${name} takes no value`);
        options[name] = true;
      } else set(options, spec, equals < 0 ? valueAfter(args, i++, `--${name}`) : arg.slice(equals + 1));
    } else if (/^-[A-Za-z]/.test(arg)) {
      for (let at = 1; at < arg.length; at++) {
        const spec = specs.find((item) => item.short === arg[at]);
        if (spec === undefined) throw unknown(command, `-${arg[at]}`, specs);
        if (spec.kind === "flag") {
          options[spec.name] = true;
          continue;
        }
        const attached = arg.slice(at + 1).replace(/^=/, "");
        set(options, spec, attached === "" ? valueAfter(args, i++, `-${spec.short}`) : attached);
        break;
      }
    } else positionals.push(arg);
  }
  if (options.help !== true && options["show-permissions"] !== true) checkCount(command, positionals);
  return { options, positionals, rest };
}

function specsFor(command: Command, args: readonly string[]): readonly OptionSpec[] {
  const specs = optionsOf(command);
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const adds = own.includes("--show-permissions") && !specs.some((spec) => spec.name === "json");
  return adds ? [...specs, JSON_OPTION] : specs;
}

function checkCount(command: Command, positionals: readonly string[]): void {
  const { min, max } = command.positionals;
  const usage = `dbx ${command.name} ${command.usage}`;
  if (positionals.length < min) {
    throw new UsageError(`Cannot run "dbx ${command.name}": an argument is missing; usage: ${usage}`);
  }
  if (positionals.length > max) {
    throw new UsageError(
      `Cannot run "dbx ${command.name}": "${positionals[max]}" is one argument too many; usage: ${usage}`,
    );
  }
}

function set(options: Record<string, string | boolean | number | string[]>, spec: OptionSpec, text: string): void {
  if (spec.choices !== undefined && !spec.choices.includes(text)) {
    throw new UsageError(
      `Cannot use "${text}" as --${spec.name}: it must be one of ${spec.choices.join(", ")}${
        didYouMean(text, spec.choices)
      }`,
    );
  }
  if (spec.kind === "list") options[spec.name] = [...(options[spec.name] as string[] ?? []), text];
  else if (spec.kind === "number") {
    const number = Number(text);
    if (text.trim() === "" || !Number.isFinite(number)) {
      throw new UsageError(`Cannot use "${text}" as --${spec.name}: it must be a number`);
    }
    if (spec.positive && !(number > 0)) {
      throw new UsageError(`Cannot use "${text}" as --${spec.name}: it must be above 0`);
    }
    options[spec.name] = number;
  } else options[spec.name] = text;
}

function valueAfter(args: readonly string[], index: number, option: string): string {
  const value = args[index + 1];
  if (value === undefined || value === "--") throw new UsageError(`Cannot read "${option}": its value is missing`);
  return value;
}

function unknown(command: Command, option: string, specs: readonly OptionSpec[]): UsageError {
  const names = specs.flatMap((spec) => [`--${spec.name}`, ...(spec.kind === "flag" ? [`--no-${spec.name}`] : [])]);
  const hint = didYouMean(option, names) || `; see dbx ${command.name} --help`;
  return new UsageError(`Cannot use the option "${option}": dbx ${command.name} has no such option${hint}`);
}

/** A text option. */
export function text(parsed: Parsed, name: string): string | undefined {
  const value = parsed.options[name];
  return typeof value === "string" ? value : undefined;
}

/** A number option. */
export function number(parsed: Parsed, name: string): number | undefined {
  const value = parsed.options[name];
  return typeof value === "number" ? value : undefined;
}

/** A list option; empty if it was not given. */
export function list(parsed: Parsed, name: string): readonly string[] {
  const value = parsed.options[name];
  return Array.isArray(value) ? value : [];
}

/** A flag, `unset` if it was not given. */
export function flag(parsed: Parsed, name: string, unset = false): boolean {
  const value = parsed.options[name];
  return typeof value === "boolean" ? value : unset;
}
