import { SHIMS } from "../../cli/config/captured_packages.ts";

/** What was probably meant where there is no command of a name: the end of a sentence, empty where nothing is known. */
export function hintOfMissing(program: string): string {
  const [, name] = /^([A-Za-z_]\w*)=/.exec(program) ?? [];
  if (name !== undefined) return `; to set the variable ${name}, write env before it: dbx run -- env ${name}=… command`;
  if (/\s/.test(program.trim())) return "; it is one word with spaces: leave out the quotes around the command";
  return "";
}

/** How to record without a package that a Python script did not find, by the last lines that it printed. */
export function hintOfMissingPackage(last: { readonly stdout: string; readonly stderr: string }): string | undefined {
  // On a pseudo-terminal, all is on stdout.
  const [, name] = /ModuleNotFoundError\b.*No module named '(\w+)'/.exec((last.stderr || last.stdout).slice(0, 300)) ??
    [];
  if (!(SHIMS as readonly (string | undefined)[]).includes(name)) return undefined;
  return `${name} is not installed; dbx run --shim ${name} records what the script logs with it nevertheless`;
}
