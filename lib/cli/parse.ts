import { UsageError } from "../base/errors.ts";
import { shellText } from "../base/shell_text.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Command } from "./command.ts";
import { optionsOf } from "./common_options.ts";
import type { OptionSpec, Parsed } from "./options.ts";

/** With `--show-permissions`, every command takes it. */
const JSON_OPTION: OptionSpec = { name: "json", kind: "flag", help: "print them as JSON" };

/** The words with the command's name in front: `dbx --repo R ls` means `dbx ls --repo R`. */
export function commandFirst(args: readonly string[]): readonly string[] {
  let at = 0;
  while (at < args.length && /^(--repo|-R)(=|$)/.test(args[at])) at += args[at].includes("=") ? 1 : 2;
  if (at === 0 || at === args.length) return args;
  if (at > args.length) throw new UsageError(`Cannot read "${args[at - 2]}": its value is missing`);
  return [args[at], ...args.slice(0, at), ...args.slice(at + 1)];
}

type Values = Record<string, string | boolean | number | string[] | undefined>;

/**
 * Parses a command line strictly: what is not declared is a `UsageError` that suggests the near name. The values that it
 * makes are of the kinds that the specs say, hence the type of the result. `defaults`: what options are that are not given; lists
 * begin with theirs.
 */
export function parse<Specs extends readonly OptionSpec[]>(
  command: Command<Specs>,
  args: readonly string[],
  defaults: Readonly<Record<string, string | number | boolean | readonly string[]>> = {},
): Parsed<Specs> {
  const specs = specsFor(command, args);
  const options: Values = { ...unset(specs), ...defaults as Values };
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
      if (spec === undefined && negated !== undefined && isFlag(negated) && equals < 0) {
        options[negated.name] = false;
        continue;
      }
      if (spec === undefined) throw unknown(command, `--${name}`, specs);
      if (isFlag(spec) && equals < 0) options[name] = true;
      else if (spec.kind === "flag") throw new UsageError(`Cannot read "${arg}": --${name} takes no value`);
      else set(options, spec, equals < 0 ? valueAfter(args, i++, `--${name}`) : arg.slice(equals + 1));
    } else if (/^-[A-Za-z]/.test(arg)) {
      for (let at = 1; at < arg.length; at++) {
        const spec = specs.find((item) => item.short === arg[at]);
        if (spec === undefined) throw unknown(command, `-${arg[at]}`, specs);
        if (isFlag(spec)) {
          options[spec.name] = true;
          continue;
        }
        const attached = arg.slice(at + 1).replace(/^=/, "");
        set(options, spec, attached === "" ? valueAfter(args, i++, `-${spec.short}`) : attached);
        break;
      }
    } else if (command.takesRest && command.positionals.max === 0) throw needsDashes(command, args, i);
    else positionals.push(arg);
  }
  if (options.help !== true && options["show-permissions"] !== true) checkPositionals(command, positionals);
  return { options: options as Parsed<Specs>["options"], positionals, rest };
}

function isFlag({ kind }: OptionSpec): boolean {
  return kind === "flag" || kind === "optional";
}

/** The error for a word before --, such as one that a shell made of a pattern, or for a program that stands where it could be an option's value or dbx's own word. */
function needsDashes(command: Command, args: readonly string[], at: number): UsageError {
  if (args.includes("--", at)) {
    return new UsageError(
      `Cannot use "${
        args[at]
      }": it stands before --, and belongs to no option; put a pattern that the shell must not expand ` +
        `in quotes, such as --keep 'ckpt/*.pt'`,
    );
  }
  const meant = shellText(["dbx", ...command.name.split(" "), ...args.slice(0, at), "--", ...args.slice(at)]);
  return new UsageError(
    `Cannot run "${
      args[at]
    }": the command stands after --, so that its options are not those of dbx; you probably want: ${meant}`,
  );
}

/** What options are that are not given. */
function unset(specs: readonly OptionSpec[]): Values {
  return Object.fromEntries(specs.flatMap((spec): [string, boolean | string[]][] => {
    if (spec.kind === "list") return [[spec.name, []]];
    return isFlag(spec) ? [[spec.name, spec.default === "on"]] : [];
  }));
}

function specsFor(command: Command, args: readonly string[]): readonly OptionSpec[] {
  const specs = optionsOf(command);
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const adds = own.includes("--show-permissions") && !specs.some((spec) => spec.name === "json");
  return adds ? [...specs, JSON_OPTION] : specs;
}

function checkPositionals(command: Command, positionals: readonly string[]): void {
  const { min, max, choices } = command.positionals;
  const usage = `dbx ${command.name} ${command.usage}`;
  if (positionals.length < min) {
    throw new UsageError(`Cannot run "dbx ${command.name}": an argument is missing; usage: ${usage}`);
  }
  if (positionals.length > max) {
    throw new UsageError(
      `Cannot run "dbx ${command.name}": "${positionals[max]}" is one argument too many; usage: ${usage}`,
    );
  }
  const [first] = positionals;
  if (choices === undefined || first === undefined || choices.includes(first)) return;
  throw new UsageError(
    `Cannot run "dbx ${command.name} ${first}": it must be one of ${choices.join(", ")}${didYouMean(first, choices)}`,
  );
}

function set(options: Values, spec: OptionSpec, text: string): void {
  if (spec.choices !== undefined && !spec.choices.includes(text)) {
    throw new UsageError(
      `Cannot use "${text}" as --${spec.name}: it must be one of ${spec.choices.join(", ")}${
        didYouMean(text, spec.choices)
      }`,
    );
  }
  if (spec.kind === "list") options[spec.name] = [...(options[spec.name] as string[]), text];
  else if (spec.kind === "number" || spec.kind === "count") options[spec.name] = numberOf(spec, text);
  else options[spec.name] = text;
}

function numberOf(spec: OptionSpec, text: string): number {
  const number = Number(text);
  const cannot = (why: string) => new UsageError(`Cannot use "${text}" as --${spec.name}: it must be ${why}`);
  if (spec.kind === "count" && !(text.trim() !== "" && Number.isSafeInteger(number) && number >= 0)) {
    throw cannot("a whole number, 0 or more");
  }
  if (text.trim() === "" || !Number.isFinite(number)) throw cannot("a number");
  if (spec.positive && !(number > 0)) throw cannot("above 0");
  return number;
}

function valueAfter(args: readonly string[], index: number, option: string): string {
  const value = args[index + 1];
  if (value === undefined || value === "--") throw new UsageError(`Cannot read "${option}": its value is missing`);
  return value;
}

function unknown(command: Command, option: string, specs: readonly OptionSpec[]): UsageError {
  const names = specs.flatMap((spec) => [`--${spec.name}`, ...(spec.kind === "flag" ? [`--no-${spec.name}`] : [])]);
  // A letter that is not one of its own may mean an option that begins with it.
  const begun = /^-[a-z]$/i.test(option) ? names.filter((name) => name.startsWith(`-${option}`)) : [];
  const hint = (begun.length === 1 ? `; did you mean "${begun[0]}"?` : didYouMean(option, names)) ||
    `; see dbx ${command.name} --help`;
  return new UsageError(`Cannot use the option "${option}": dbx ${command.name} has no such option${hint}`);
}
