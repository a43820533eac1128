import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import type { Command, Context, Parsed } from "../../cli/command.ts";
import { SHELLS } from "./completions.ts";
import { shownOptionsOf } from "../../cli/parse.ts";
import { commands } from "../table.ts";

/** Prints the completion script of a shell. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const [shell] = parsed.positionals;
  const all = await Promise.all(Object.values(commands).map(async (load) => (await load()).command));
  switch (shell) {
    case "bash":
      context.stdout.ownText(bash(all));
      return 0;
    case "zsh":
      context.stdout.ownText(zsh(all));
      return 0;
    case "fish":
      context.stdout.ownText(fish(all));
      return 0;
  }
  throw new UsageError(
    `Cannot complete for "${shell}": supported shells are ${SHELLS.join(", ")}${didYouMean(shell, SHELLS)}`,
  );
}

function bash(all: readonly Command[]): string {
  const cases = all.map((command) => {
    const options = shownOptionsOf(command).map((spec) => `--${spec.name}`).join(" ");
    const { actions = [] } = command;
    const first = actions.length === 0 ? "" : ` [ "$COMP_CWORD" -eq 2 ] && words="${actions.join(" ")} $words" ;`;
    return `    ${command.name}) words="${options}" ;${first};`;
  });
  return `# bash completion of dbx
_dbx() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${all.map((command) => command.name).join(" ")} help" -- "$word"))
    return
  fi
  # Names of folders are readline's to complete: it quotes them, whatever they hold.
  if [ "$before" = --repo ] || [ "$before" = -R ]; then
    COMPREPLY=()
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    help) words="${all.map((command) => command.name).join(" ")}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _dbx dbx
`;
}

function zsh(all: readonly Command[]): string {
  const quote = (text: string) =>
    text.replaceAll("'", "'\\''").replaceAll("[", "\\[").replaceAll("]", "\\]").replaceAll(":", "\\:");
  const names = all.map((command) => `    '${command.name}:${quote(command.summary)}'`);
  const cases = all.map((command) => {
    const options = shownOptionsOf(command).map((spec) => {
      const value = spec.kind === "flag" ? "" : `:${spec.value ?? "value"}:${spec.name === "repo" ? "_files -/" : ""}`;
      return `'--${spec.name}[${quote(spec.help)}]${value}'`;
    });
    const { actions = [] } = command;
    const first = actions.length === 0 ? "" : `'2:action:(${actions.join(" ")})' `;
    return `    ${command.name}) _arguments ${options.join(" ")} ${first}'*:argument:_files' ;;`;
  });
  return `#compdef dbx
_dbx() {
  local -a names
  names=(
${names.join("\n")}
    'help:show help'
  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  case $words[2] in
${cases.join("\n")}
  esac
}
compdef _dbx dbx
`;
}

function fish(all: readonly Command[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = ["# fish completion of dbx", "complete -c dbx -f"];
  for (const command of all) {
    lines.push(`complete -c dbx -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`);
    const { actions = [] } = command;
    if (actions.length > 0) {
      const words = actions.join(" ");
      const when = `__fish_seen_subcommand_from ${command.name}; and not __fish_seen_subcommand_from ${words}`;
      lines.push(`complete -c dbx -n '${when}' -a '${words}'`);
    }
    for (const spec of shownOptionsOf(command)) {
      const short = spec.short === undefined ? "" : ` -s ${spec.short}`;
      const value = spec.kind === "flag" ? "" : spec.name === "repo" ? " -r -F" : " -x";
      lines.push(
        `complete -c dbx -n '__fish_seen_subcommand_from ${command.name}' -l ${spec.name}${short}${value} -d ${
          quote(spec.help)
        }`,
      );
    }
  }
  return lines.join("\n") + "\n";
}
