import { glob } from "../../base/glob.ts";
import type { StartRequest } from "../../repo/control/requests.ts";

/** What the owner of a machine lets others start there. */
export interface Allowance {
  /**
   * Patterns of commands: words with `*` and `?` in them, which stand for no `/`; a last word `**` stands for any further words.
   */
  readonly commands: readonly string[];
  /** Absolute folders; the first one is where a command runs that names none. */
  readonly folders: readonly string[];
  /** Names of variables that a request may set. */
  readonly env: readonly string[];
}

/** Why a request may not be started; undefined where it may. */
export function refusalOf(request: StartRequest, { commands, folders, env }: Allowance): string | undefined {
  const { cmd } = request;
  if (!commands.some((pattern) => isAllowed(pattern, cmd))) return "no --allow pattern matches its command";
  // The words go to the program as they are, through no shell; a word cannot end early.
  if (cmd.some((word) => word.includes("\0"))) return "a word of its command contains a NUL";
  if (request.cwd !== undefined && !folders.includes(request.cwd.replace(/(.)\/+$/, "$1"))) {
    return "its working folder is not one of --cwd";
  }
  const other = Object.keys(request.env ?? {}).find((name) => !env.includes(name));
  return other === undefined ? undefined : `no --env allows the variable ${other}`;
}

/** Whether a pattern stands for a command. */
export function isAllowed(pattern: string, cmd: readonly string[]): boolean {
  const words = pattern.trim().split(/\s+/);
  const open = words.length > 1 && words.at(-1) === "**";
  const fixed = open ? words.slice(0, -1) : words;
  if (open ? cmd.length < fixed.length : cmd.length !== fixed.length) return false;
  return fixed.every((word, at) => fitsWord(word, cmd[at]));
}

/** Whether a pattern stands for a word: `*` and `?` do not lead into another folder, neither by `/` nor by a part that is `..`. */
function fitsWord(pattern: string, word: string): boolean {
  const wanted = pattern.split("/"), parts = word.split("/");
  if (wanted.length !== parts.length) return false;
  return wanted.every((part, at) => glob(part)(parts[at]) && (part === parts[at] || !LEADS_UP.test(parts[at])));
}

/** `..`, also behind the `=` or `:` of an option. */
const LEADS_UP = /(?:^|[=:,])\.\.$/;
