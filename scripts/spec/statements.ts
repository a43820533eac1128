// The sentences of a specification that demand something, and the ids by which tests name them.

/** A sentence or a row of a table that has an id, or needs one. */
export interface Statement {
  /** The number of its first line. */
  readonly line: number;
  readonly text: string;
  /** The ids in it, such as `S7`: there is to be one. */
  readonly ids: readonly string[];
  /** Whether it says MUST or MUST NOT. */
  readonly demands: boolean;
  /** Whether the id stands at the end, before the full stop; in a row, at the end of a cell. */
  readonly isAtEnd: boolean;
}

/** Several ids in one pair of brackets are possible in titles of tests: `[S7, S8]`. */
const IDS = /\[([FS]\d+(?:, [FS]\d+)*)\]/g;

/** The ids in brackets in a text. */
export function idsIn(text: string): string[] {
  return Array.from(text.matchAll(IDS), ([, ids]) => ids.split(", ")).flat();
}

/** Reads a document in Markdown. Text in fenced blocks is not a statement. */
export function statementsOf(markdown: string): Statement[] {
  return blocksOf(markdown).flatMap(({ line, text }) => {
    const isRow = text.startsWith("|");
    return (isRow ? [text] : sentencesOf(text)).map((sentence) => ({
      line,
      text: sentence,
      ids: idsIn(sentence.replace(/`[^`]*`/g, "")),
      demands: /\bMUST\b/.test(sentence) && !sentence.includes("RFC 2119"),
      isAtEnd: (isRow ? /\[[FS]\d+\]\.? *\|/ : /\[[FS]\d+\][.:;)]*$/).test(sentence),
    }));
  }).filter(({ ids, demands }) => demands || ids.length > 0);
}

/** The paragraphs, points of lists, and rows of tables, each in one line. */
function blocksOf(markdown: string): { line: number; text: string }[] {
  const blocks: { line: number; text: string }[] = [];
  let isFenced = false;
  let goesOn = false;
  markdown.split("\n").forEach((source, at) => {
    const text = source.trim();
    if (/^(```|~~~)/.test(text)) {
      isFenced = !isFenced;
      goesOn = false;
    } else if (isFenced || text === "" || text.startsWith("#")) {
      goesOn = false;
    } else if (goesOn && !/^([-*|]|\d+\.) ?/.test(text)) {
      blocks.at(-1)!.text += ` ${text}`;
    } else {
      blocks.push({ line: at + 1, text });
      goesOn = !text.startsWith("|");
    }
  });
  return blocks;
}

/** Splits after a full stop (and what closes behind it) before what begins a sentence. */
function sentencesOf(text: string): string[] {
  return text.replace(/^([-*]|\d+\.) +/, "").split(/(?<=[.!?][)"*]*) +(?=[(`"*_[]*(?:[A-Z`\d]|dbx\b))/);
}
