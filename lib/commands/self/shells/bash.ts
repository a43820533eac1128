import type { CompletedCommand } from "./tree.ts";

/** The completion script of bash. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ word }) => word).join(" ");
  const cases = commands.flatMap((command) => {
    const { word, choices, subcommands } = command;
    const first = [...subcommands.map(({ word }) => word), ...choices].join(" ");
    const second = first === "" ? "" : ` [ "$COMP_CWORD" -eq 2 ] && words="${first} $words" ;`;
    return [
      ...subcommands.map((sub) => `    ${word}\\ ${sub.word}) words="${optionWords(sub)}" ;;`),
      `    ${word}\\ *) words="${optionWords(command)}" ;${second};`,
    ];
  });
  const helped = commands.filter(({ subcommands }) => subcommands.length > 0).map(({ word, subcommands }) =>
    `    help\\ ${word}) words="${subcommands.map(({ word }) => word).join(" ")}" ;;`
  );
  return `# bash completion of dbx
_dbx() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} help" -- "$word"))
    return
  fi
  # Names of folders are readline's to complete: it quotes them, whatever they hold.
  if [ "$before" = --repo ] || [ "$before" = -R ]; then
    COMPREPLY=()
    return
  fi
  # A word that is still being typed is not a subcommand yet.
  local command="\${COMP_WORDS[1]} "
  [ "$COMP_CWORD" -gt 2 ] && command+="\${COMP_WORDS[2]}"
  case "$command" in
${cases.join("\n")}
${helped.join("\n")}
    help\\ ) words="${names}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _dbx dbx
`;
}

function optionWords({ options }: CompletedCommand): string {
  return options.map(({ name }) => `--${name}`).join(" ");
}
