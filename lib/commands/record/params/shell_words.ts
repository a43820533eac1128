/** What starts no training, but stands around one in a shell's command line. */
const HOUSEKEEPING = new Set(
  (": . [ alias cat cd chmod conda cp date deactivate df du echo exit export false hash hostname id local ls mkdir " +
    "module mv nvidia-smi printenv printf ps pwd read rm rmdir rsync set shopt sleep source test touch trap true type ulimit " +
    "umask uname unset wait which whoami").split(" "),
);
const KEYWORDS = new Set(
  "! case do done elif else esac fi for function if in select then time until while { }".split(" "),
);

/**
 * The words of the one command that a shell's command line is about: `cd x && A=1 exec python train.py --lr 0.1 | tee
 * log` is about `python train.py --lr 0.1`. Undefined if there are several, or where only a shell could determine its
 * words (variables, globs, loops, substitutions).
 */
export function innerCommand(text: string): string[] | undefined {
  const commands = commandsOf(text);
  if (commands === undefined) return undefined;
  const others: Word[][] = [];
  for (const command of commands) {
    while (/^[\p{L}_][\p{L}\p{N}_]*\+?=/u.test(command[0]?.text ?? "")) command.shift();
    const [first, second] = command.map((word) => word.text);
    if (first === undefined) continue;
    if (KEYWORDS.has(first)) return undefined;
    if (!HOUSEKEEPING.has(first) || first === "conda" && second === "run") others.push(command);
  }
  if (others.length !== 1 || others[0].some((word) => word.isOpen)) return undefined;
  return others[0].map((word) => word.text);
}

interface Word {
  text: string;
  /** Whether only a shell knows what it becomes. */
  isOpen: boolean;
}

/** What ends a command, what takes the next word away, and what makes a word of which only a shell knows the value. */
const SPLIT = /^(?:&&|\|\||;|\n)/;
const REDIRECTION = /^(?:\d*(?:>>|>&|>\||<&|<|>)|&>>?)/;

/** The simple commands of a text, only the first of each pipeline; undefined where it is more than a list of those. */
function commandsOf(text: string): Word[][] | undefined {
  const commands: Word[][] = [[]];
  let word: Word | undefined;
  let skipsWord = false;
  let inPipe = false;
  const endWord = () => {
    if (word !== undefined && !skipsWord && !inPipe) commands.at(-1)!.push(word);
    if (word !== undefined) skipsWord = false;
    word = undefined;
  };
  const add = (part: string, isOpen = false) => {
    word ??= { text: "", isOpen: false };
    word.text += part;
    word.isOpen ||= isOpen;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    const rest = text.slice(at, at + 8);
    const split = SPLIT.exec(rest)?.[0];
    const redirection = word === undefined || !/^\d/.test(rest) ? REDIRECTION.exec(rest)?.[0] : undefined;
    if (split !== undefined) {
      endWord();
      commands.push([]);
      [inPipe, skipsWord] = [false, false];
      at += split.length - 1;
    } else if (redirection !== undefined) {
      if (/^(?:<<|[<>]\()/.test(rest)) return undefined;
      endWord();
      skipsWord = true;
      at += redirection.length - 1;
    } else if (char === "|") {
      endWord();
      inPipe = true;
    } else if (/\s/.test(char)) endWord();
    else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return undefined;
      add(text.slice(at + 1, end));
      at = end;
    } else if (char === '"') {
      add("");
      for (at++; text[at] !== '"'; at++) {
        if (at >= text.length) return undefined;
        const isEscape = text[at] === "\\" && /[$`"\\]/.test(text[at + 1] ?? "");
        add(isEscape ? text[++at] : text[at], !isEscape && /[$`]/.test(text[at]));
      }
    } else if (char === "\\") {
      if (text[++at] !== "\n") add(text[at] ?? "");
    } else if (char === "#" && word === undefined || /[&()`]/.test(char)) return undefined;
    else add(char, /[$*?{]/.test(char) || rest.startsWith("~/"));
  }
  endWord();
  return commands;
}
