import { lastSegment } from "../base/paths.ts";
import { type SecretName, secretName } from "./rules/secret_names.ts";
import type { TextRedactor } from "./text_redactor.ts";
import { isNumber, isPlaceholder, isSecretValue } from "./rules/secret_values.ts";

/** Options of programs that hold a secret, though their names do not say so. */
interface ProgramOption {
  readonly programs: RegExp;
  /** An option whose next word is the secret; of `user:password` only what follows the colon. */
  readonly next?: RegExp;
  /** An option with the secret in the same word. */
  readonly attached?: RegExp;
}

const OPTIONS: readonly ProgramOption[] = [
  {
    programs: /^(?:curl|wget|http|https|xh|httpie)$/,
    next: /^(?:-u|--user|-U|--proxy-user|-a|--auth)$/,
    attached: /^-[uU](?=[^-])/,
  },
  { programs: /^sshpass$/, next: /^-p$/, attached: /^-p(?=.)/ },
  { programs: /^(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump)$/, attached: /^-p(?=.)/ },
  {
    programs: /^mongo(?:sh|dump|restore|export|import)?$/,
    next: /^-p$/,
  },
  { programs: /^redis-cli$/, next: /^-a$/ },
  { programs: /^(?:sqlcmd|bcp)$/, next: /^-P$/, attached: /^-P(?=.)/ },
  { programs: /^ldap(?:search|modify|add|delete|whoami)$/, next: /^-w$/ },
  { programs: /^(?:zip|unzip)$/, next: /^-P$/ },
  { programs: /^(?:7z|7za)$/, attached: /^-p(?=.)/ },
  { programs: /^smbclient$/, next: /^-U$/ },
  // Of docker, podman, az and others.
  { programs: /^login$/, next: /^-p$/ },
];

/** `--name=value`, `NAME=value`, hydra's `+a.b=value`, Java's `-Dname=value`. */
const PAIR = /^(?<before>(?:-D|-{0,2}|\+{0,2})(?<name>[A-Za-z_][\w.\-/@:]*)=)(?<value>.*)$/s;
const OPTION = /^--?(?<name>[A-Za-z_][\w.-]*)$/;
const SHELL_WORD = /(?:[^\s"'\\;|&()<>]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*')+/g;

/** The words of a command without secrets: as many words, each one of the same kind. */
export function redactWords(words: readonly string[], redactor: TextRedactor): string[] {
  const programs: string[] = [];
  let previous = "";
  return words.map((word, at) => {
    const before = previous;
    previous = word;
    const redacted = redactWord(word, before, programs, { words, at }, redactor);
    if (!word.startsWith("-")) programs.push(lastSegment(word));
    return redacted;
  });
}

function redactWord(
  word: string,
  before: string,
  programs: readonly string[],
  { words, at }: { readonly words: readonly string[]; readonly at: number },
  redactor: TextRedactor,
): string {
  for (const { programs: known, next, attached } of OPTIONS) {
    if (!programs.some((program) => known.test(program))) continue;
    if (next?.test(before) && !isPlaceholder(word)) return afterColon(word, redactor);
    const option = attached?.exec(word)?.[0];
    if (option !== undefined && !/^-\w+=/.test(word) && !isPlaceholder(word.slice(option.length))) {
      return option + afterColon(word.slice(option.length), redactor);
    }
  }
  const option = OPTION.exec(before)?.groups?.name;
  // `aws configure set aws_secret_access_key X`
  const named = option ?? (words[at - 2] === "set" ? before : undefined);
  const known = named === undefined ? undefined : secretName(named);
  if (known !== undefined && !isOptionWord(word, known) && isSecretValue(known, word)) return redactor.mark("name");
  if (/^wandb$/.test(programs.at(-2) ?? "") && before === "login" && /^\w{30,}$/.test(word)) {
    return redactor.mark("wandb");
  }
  const pair = PAIR.exec(word)?.groups;
  if (pair !== undefined) {
    const known = secretName(pair.name.slice(pair.name.search(/[^/@:]*$/)));
    if (known !== undefined && isSecretValue(known, pair.value)) return pair.before + redactor.mark("name");
  }
  return /[\s;|&]/.test(word) && /^-\w*c$|^-\w*e$|^--?(?:command|eval|wrap)$/.test(before)
    ? redactScript(word, redactor)
    : redactor.text(word);
}

/**
 * A word that is itself an option, not the value of the one before it. After the name of a secret, a hyphen and more
 * than three letters are more likely a password with a leading hyphen than an option: few programs have such options.
 */
function isOptionWord(word: string, { level }: SecretName): boolean {
  if (level === "certain" && /^-[^-].{3,}$/.test(word)) return false;
  return /^--?[A-Za-z][\w-]*(?:=|$)/.test(word) && !isNumber(word) && word.length < 24;
}

/** `user:password` without the password; without a colon all of it is the password. */
function afterColon(word: string, redactor: TextRedactor): string {
  const colon = word.search(/[:%]/);
  if (colon < 0) return redactor.mark("option");
  return isPlaceholder(word.slice(colon + 1)) ? word : word.slice(0, colon + 1) + redactor.mark("option");
}

/** A command line of a shell: each of its words as a word, then all of it as a text. */
function redactScript(script: string, redactor: TextRedactor): string {
  const raw = [...script.matchAll(SHELL_WORD)];
  const plain = raw.map(([word]) => unquoted(word));
  const redacted = redactWords(plain, redactor);
  let result = "";
  let at = 0;
  raw.forEach((match, index) => {
    const [word] = match;
    result += script.slice(at, match.index);
    at = match.index + word.length;
    if (redacted[index] === plain[index]) result += word;
    // What the quotes were for is gone with the secret, unless other text stays.
    else if (word === plain[index]) result += redacted[index];
    else result += `"${redacted[index].replace(/[\\"$`]/g, "\\$&")}"`;
  });
  return redactor.text(result + script.slice(at));
}

function unquoted(word: string): string {
  return word.replace(
    /\\([^])|"((?:[^"\\]|\\[^])*)"|'([^']*)'/g,
    (_, escaped: string, double: string, single: string) => escaped ?? double?.replace(/\\([$`"\\])/g, "$1") ?? single,
  );
}
