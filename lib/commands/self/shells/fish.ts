import type { CompletedCommand } from "./tree.ts";

/** A function that asks dbx what may stand at the cursor. */
const ASKING = [
  "function __dbx_words",
  "    set -l before (commandline -opc)",
  "    set -e before[1]",
  // A quote that is open is not a part of the word.
  "    set -l word (string replace -r '^[\"\\']' '' -- (commandline -ct))",
  '    for line in (command dbx complete-words fish $before "$word" 2>/dev/null)',
  "        if test $line = :file -o $line = :folder",
  "            __fish_complete_path (commandline -ct)",
  "        else",
  "            echo $line",
  "        end",
  "    end",
  "end",
];

/** The completion script of fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = ["# fish completion of dbx", ...ASKING, "complete -c dbx -f"];
  for (const command of commands) {
    const { word, summary, choices, subcommands } = command;
    const seen = `__fish_seen_subcommand_from ${word}`;
    lines.push(`complete -c dbx -n __fish_use_subcommand -a ${word} -d ${quote(summary)}`);
    if (choices.length > 0) {
      const words = choices.join(" ");
      lines.push(`complete -c dbx -n '${seen}; and not __fish_seen_subcommand_from ${words}' -a '${words}'`);
    }
    const none = `${seen}; and not __fish_seen_subcommand_from ${subcommands.map(({ word }) => word).join(" ")}`;
    const inNone = subcommands.length === 0 ? seen : none;
    for (const sub of subcommands) {
      lines.push(`complete -c dbx -n '${inNone}' -a ${sub.word} -d ${quote(sub.summary)}`);
      const inSub = `${seen}; and __fish_seen_subcommand_from ${sub.word}`;
      lines.push(...optionLines(sub, inSub), `complete -c dbx -n '${inSub}' -a '(__dbx_words)'`);
    }
    lines.push(...optionLines(command, inNone));
    if (subcommands.length === 0) lines.push(`complete -c dbx -n '${seen}' -a '(__dbx_words)'`);
  }
  return lines.join("\n") + "\n";
}

function optionLines({ options }: CompletedCommand, when: string): string[] {
  return options.map((spec) => {
    const short = spec.short === undefined ? "" : ` -s ${spec.short}`;
    const value = spec.kind === "flag" || spec.kind === "optional"
      ? ""
      : spec.name === "repo"
      ? " -r -F"
      : " -x -a '(__dbx_words)'";
    return `complete -c dbx -n '${when}' -l ${spec.name}${short}${value} -d ${quote(spec.help)}`;
  });
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
