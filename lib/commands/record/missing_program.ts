/** What was probably meant where there is no command of a name: the end of a sentence, empty where nothing is known. */
export function hintOfMissing(program: string): string {
  const [, name] = /^([A-Za-z_]\w*)=/.exec(program) ?? [];
  if (name !== undefined) return `; to set the variable ${name}, write env before it: dbx run -- env ${name}=… command`;
  if (/\s/.test(program.trim())) return "; it is one word with spaces: leave out the quotes around the command";
  return "";
}
