import type { CompletedCommand } from "./tree.ts";

/** The completion script of zsh. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const cases = commands.flatMap((command) => {
    const { word, subcommands, choices } = command;
    if (subcommands.length === 0) {
      const first = choices.length === 0 ? "" : `'2:word:(${choices.join(" ")})' `;
      return [`    ${word}\\ *) _arguments ${optionsOf(command)} ${first}'*:argument:_dbx_words' ;;`];
    }
    const words = subcommands.map(({ word, summary }) => `'${word}:${quote(summary)}'`).join(" ");
    return [
      ...subcommands.map((sub) => `    ${word}\\ ${sub.word}) _arguments ${optionsOf(sub)} '*:argument:_dbx_words' ;;`),
      `    ${word}\\ *)`,
      `      if (( CURRENT == 3 )) && [[ $PREFIX != -* ]]; then`,
      `        names=(${words})`,
      "        _describe command names",
      `      else _arguments ${optionsOf(command)}`,
      "      fi ;;",
    ];
  });
  return `#compdef dbx
# Asks dbx what may stand here.
_dbx_words() {
  local -a values shown
  local line
  while IFS= read -r line; do
    case $line in
      :file) _files; return ;;
      :folder) _files -/; return ;;
    esac
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done < <(command dbx complete-words zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)IPREFIX}\${(Q)PREFIX}" 2>/dev/null)
  (( $#values )) || return 1
  if [[ $#values -eq 1 && $values[1] == *: ]]; then
    compadd -S '' -a values
  else
    compadd -V dbx -l -d shown -a values
  fi
}
_dbx() {
  local -a names
  names=(
${commands.map(({ word, summary }) => `    '${word}:${quote(summary)}'`).join("\n")}
    'help:show help'
  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  # A word that is still being typed is not a subcommand yet.
  local command="$words[2] "
  (( CURRENT > 3 )) && command+=$words[3]
  case $command in
${cases.join("\n")}
    help\\ *) (( CURRENT == 3 )) && _describe command names ;;
  esac
}
# Found in fpath, all of this is the body of the function, and the first call of it is meant for the one above.
if [[ $funcstack[1] == _dbx ]]; then
  _dbx "$@"
else
  compdef _dbx dbx
fi
`;
}

function optionsOf({ options }: CompletedCommand): string {
  return options.map((spec) => {
    const what = `${quote(spec.value ?? "value")}:${spec.name === "repo" ? "_files -/" : "_dbx_words"}`;
    // What stands behind "=" need not be there.
    const [sign, value] = spec.kind === "flag"
      ? ["", ""]
      : spec.kind === "optional"
      ? ["=-", `::${what}`]
      : ["", `:${what}`];
    return `'--${spec.name}${sign}[${quote(spec.help)}]${value}'`;
  }).join(" ");
}

function quote(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll("[", "\\[").replaceAll("]", "\\]").replaceAll(":", "\\:");
}
