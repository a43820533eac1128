import { shellText } from "../base/shell_text.ts";
import type { CommandTable } from "./command.ts";

/** What other programs call what a command of dbx does. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "rm": "delete remove del erase",
  "ls": "list history experiments ps runs find search filter grep",
  "show": "info describe inspect view get-experiment",
  "restore": "undelete unrm recover",
  "stop": "kill cancel abort interrupt",
  "query": "sql select ask",
  "diff": "compare cmp",
  "push": "upload publish send",
  "pull": "download fetch",
  "tail": "logs follow watch output stdout",
  "series": "metrics curves points history-of",
  "plot": "chart graph draw curve",
  "top": "ui tui monitor htop dashboard",
  "serve": "web server gui board tensorboard daemon",
  "rename": "mv move name",
  "note": "comment annotate describe-run remark",
  "tag": "label mark star",
  "edit": "change modify",
  "config": "configure settings set get option",
  "queue add": "enqueue submit sbatch launch",
  "agent": "worker runner",
  "check": "fsck verify doctor validate lint",
  "gc": "prune clean cleanup vacuum",
  "init": "create new",
  "log": "record write add track",
  "login": "auth authenticate signin",
  "completions": "completion autocomplete",
  "remote add": "connect",
  "put": "upload-file attach save",
  "get": "download-file",
};

/** The same of subcommands. */
const SUBCOMMANDS: Readonly<Record<string, string>> = {
  ls: "list show all",
  rm: "remove delete del",
  add: "create new register",
  rename: "mv move",
  renew: "rotate refresh",
  push: "send upload flush",
};

/** Programs that people start: what they want recorded. */
const PROGRAM =
  /^(?:python[\d.]*|uv|poetry|pipenv|conda|torchrun|accelerate|deepspeed|mpirun|srun|bash|sh|node|deno|julia|Rscript|make|\.{0,2}\/.*|.*\.(?:py|sh|jl|R))$/;

/**
 * The command line that words probably mean which name no command; undefined where nothing is known. `table`: the commands that
 * there are; `before`: the words before these.
 */
export function meantCommand(
  words: readonly string[],
  table: CommandTable,
  before: readonly string[] = [],
): string | undefined {
  const [word, ...rest] = words;
  const said = (command: readonly string[]) => shellText(["dbx", ...before, ...command]);
  if (before.length === 0 && PROGRAM.test(word)) return said(["run", "--", ...words]);
  if (before.length === 0 && word === "status") {
    return said(rest.length > 0 ? ["show", ...rest] : ["ls", "--status", "running"]);
  }
  const small = word.toLowerCase();
  const names = before.length === 0 ? ELSEWHERE : SUBCOMMANDS;
  const meant = Object.keys(names).find((name) => names[name].split(" ").includes(small))?.split(" ");
  if (meant === undefined || !Object.hasOwn(table, meant[0])) return undefined;
  return said([...meant, ...rest]);
}
