import type { CompletedCommand } from "./tree.ts";

/** The completion script of bash. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ word }) => word).join(" ");
  const cases = commands.flatMap((command) => {
    const { word, choices, subcommands } = command;
    const first = [...subcommands.map(({ word }) => word), ...choices].join(" ");
    return [
      ...subcommands.map((sub) => `    ${word}\\ ${sub.word}) words="${optionWords(sub)}" ;;`),
      `    ${word}\\ *) words="${optionWords(command)}"${first === "" ? "" : ` first="${first}"`} ;;`,
    ];
  });
  const helped = commands.filter(({ subcommands }) => subcommands.length > 0).map(({ word, subcommands }) =>
    `    help\\ ${word}) first="${subcommands.map(({ word }) => word).join(" ")}" ;;`
  );
  return `# bash completion of dbx
_dbx() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words="" first="" line
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} help" -- "$word"))
    return
  fi
  # Names of folders are readline's to complete: it quotes them, whatever they hold.
  if [ "$before" = --repo ] || [ "$before" = -R ]; then
    return
  fi
  # A word that is still being typed is not a subcommand yet.
  local command="\${COMP_WORDS[1]} "
  [ "$COMP_CWORD" -gt 2 ] && command+="\${COMP_WORDS[2]}"
  case "$command" in
${cases.join("\n")}
${helped.join("\n")}
    help\\ ) first="${names}" ;;
  esac
  if [[ "$word" == -* && "$before" != -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  elif [ -n "$first" ] && { [ "$COMP_CWORD" -eq 2 ] || [ "$COMP_CWORD $command" = "3 help \${COMP_WORDS[2]}" ]; }; then
    COMPREPLY=($(compgen -W "$first" -- "$word"))
  else
    # dbx gives only words that a shell takes as they stand.
    while IFS= read -r line; do
      COMPREPLY+=("$line")
    done < <(command dbx complete-words bash "$COMP_TYPE" "\${COMP_LINE:0:$COMP_POINT}" 2>/dev/null)
    # A value that names no file.
    if [ "\${COMPREPLY[0]}" = :none ]; then
      COMPREPLY=()
      compopt +o default 2>/dev/null
      return
    fi
    # The value of an option, or another one.
    [ "\${#COMPREPLY[@]}" -eq 0 ] && [[ "$word" == -* ]] && COMPREPLY=($(compgen -W "$words" -- "$word"))
    [[ "\${COMPREPLY[0]}" == *: || "\${COMPREPLY[0]}" == */ ]] && compopt -o nospace
    compopt -o nosort 2>/dev/null
  fi
}
complete -o default -F _dbx dbx
`;
}

function optionWords({ options }: CompletedCommand): string {
  return options.map(({ name }) => `--${name}`).join(" ");
}
