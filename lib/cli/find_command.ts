import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Command, CommandCode, CommandGroup, CommandTable } from "./command.ts";
import { commandFirst } from "./parse.ts";

/** What the words of a command line name. */
export interface FoundCommand {
  readonly command: Command | CommandGroup;
  /** The words in the tables that lead to it. */
  readonly path: readonly string[];
  /** What follows them. */
  readonly args: readonly string[];
}

/**
 * Finds the command that words name; the first one is there. `dbx queue` alone is the subcommand that the group says; where help is
 * wanted, as for `dbx help queue`, it is the group itself.
 *
 * @throws {UsageError} For a word that names none.
 */
export async function findCommand(
  commands: CommandTable,
  words: readonly string[],
  options: { readonly help?: boolean } = {},
): Promise<FoundCommand> {
  let table = commands;
  let rest = words;
  let group: CommandGroup | undefined;
  let isDefault = false;
  for (const path: string[] = [];;) {
    const [word, ...more] = rest;
    path.push(word);
    if (!Object.hasOwn(table, word)) throw await unknown(rest, table, group);
    const { command } = await table[word].describe();
    if (!("subcommands" in command)) {
      // Messages name what was typed.
      return { command: isDefault ? { ...command, name: group!.name } : command, path, args: more };
    }
    group = command;
    table = command.subcommands;
    rest = commandFirst(more);
    const [next] = rest;
    if (next === "--help" || next === "-h" || (next === undefined && options.help)) {
      return { command, path, args: rest };
    }
    if (next !== undefined && !next.startsWith("-")) continue;
    isDefault = true;
    rest = [command.default, ...rest];
  }
}

/** A command by the words that {@linkcode findCommand} gave. */
export async function commandAt(
  commands: CommandTable,
  path: readonly string[],
): Promise<{ readonly command: Command; readonly load: () => Promise<CommandCode> }> {
  let table = commands;
  for (const word of path) {
    const { describe, load } = table[word];
    const { command } = await describe();
    if ("subcommands" in command) table = command.subcommands;
    else if (load !== undefined) return { command, load };
  }
  throw new Error(`"dbx ${path.join(" ")}" is not a command`);
}

async function unknown(
  words: readonly string[],
  table: CommandTable,
  group: CommandGroup | undefined,
): Promise<UsageError> {
  const [word] = words;
  const names = Object.keys(table);
  const { meantCommand } = await import("./meant.ts");
  const meant = meantCommand(words, table, group === undefined ? [] : [group.name]);
  const hint = meant === undefined
    ? didYouMean(word, group === undefined ? [...names, "help"] : names)
    : `; you probably want: ${meant}`;
  if (group === undefined) {
    return new UsageError(`Cannot run "dbx ${word}": there is no such command${hint || "; see dbx help"}`);
  }
  return new UsageError(`Cannot run "dbx ${group.name} ${word}": it must be one of ${names.join(", ")}${hint}`);
}
