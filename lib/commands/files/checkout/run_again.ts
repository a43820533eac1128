import { absolute, isBelow } from "../../../base/paths.ts";
import type { RunDefinition } from "../../../format/definitions/definition.ts";
import { trainingOf } from "../../record/params/training_command.ts";
import type { KeptCode } from "./kept_code.ts";

/** What an experiment is called. */
export interface RunAgain {
  readonly kind: string;
  readonly name: string;
}

/** The options of `dbx run` with which a command is recorded where it was, and called as it was. */
export function recordedAs(repo: string, { kind, name }: RunAgain, command: readonly string[]): string[] {
  return [
    ...option("repo", repo),
    ...kind === trainingOf(command).kind ? [] : option("kind", kind),
    ...name === "" ? [] : option("name", name),
  ];
}

/** A value that looks like an option stands in the same word. */
function option(name: string, value: string): string[] {
  return value.startsWith("-") ? [`--${name}=${value}`] : [`--${name}`, value];
}

/** The folder in which the command was started, in the new tree. */
export function folderToRunIn(target: string, { git }: RunDefinition): string {
  const prefix = git?.prefix;
  return typeof prefix === "string" && prefix !== "" ? absolute(prefix, target) : target;
}

/** The command, with paths of the old tree as they are in the new one. */
export function commandIn(
  target: string,
  { cmd, pwd, git }: RunDefinition,
  { folder }: KeptCode,
): string[] | undefined {
  if (cmd === undefined || cmd.length === 0) return undefined;
  const prefix = typeof git?.prefix === "string" ? git.prefix : undefined;
  const top = folder ??
    (prefix !== undefined && pwd !== undefined && pwd.endsWith(prefix)
      ? pwd.slice(0, pwd.length - prefix.length).replace(/\/$/, "")
      : undefined);
  if (top === undefined) return [...cmd];
  // Where the command was started in the tree, its relative paths are as they were.
  const from = pwd === undefined || isBelow(pwd, top) ? undefined : pwd;
  return cmd.map((word) => {
    const path = from !== undefined && word.includes("/") ? absolute(word, from) : word;
    return isBelow(path, top) ? target + path.slice(top.length) : word;
  });
}
