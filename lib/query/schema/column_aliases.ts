import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import type { Name, NameExpression } from "../sql/tree.ts";
import { statisticOf, STATISTICS } from "./statistics.ts";
import { tableOf } from "./tables.ts";

/** The short names that people give columns of `experiments`. */
const SHORT: Readonly<Record<string, string>> = {
  created: "created_at",
  age: "age_ms",
  duration: "duration_ms",
  host: "hostname",
  command: "cmd",
  lost: "lost_events",
  tag: "tags",
};

/** What the values of a column are, where that is more than their type in SQLite. */
export type ColumnKind = "time" | "duration" | "list" | "plain";

const KINDS: Readonly<Record<string, ColumnKind>> = {
  created_at: "time",
  started_at: "time",
  ended_at: "time",
  ts: "time",
  age_ms: "duration",
  duration_ms: "duration",
  tags: "list",
  cmd: "list",
};

/** What the values of the column that a name stands for are; those of parts of params and the like are anything. */
export function kindOfColumn(parts: readonly Name[]): ColumnKind {
  if (parts.length > 1 && isFamily(parts[0])) return "plain";
  const name = expandAlias(parts.at(-1)!.text);
  return Object.hasOwn(KINDS, name) ? KINDS[name] : "plain";
}

/** The full name, in small letters, of what one word stands for. */
export function expandAlias(word: string): string {
  const small = word.toLowerCase();
  return Object.hasOwn(SHORT, small) ? SHORT[small] : small;
}

/** Whether a name has parts of JSON behind it, such as `params`. */
export function isFamily({ text }: Name): boolean {
  const { families, hiddenFamilies = [] } = tableOf("experiments")!;
  return [...families, ...hiddenFamilies].includes(text.toLowerCase());
}

/** The column of `experiments` that a short name stands for; any other name as it is. */
export function fullName(name: NameExpression): NameExpression {
  const [first, ...more] = name.parts;
  if (more.length > 0 || first.quote !== "") return name;
  const text = first.text.toLowerCase();
  return Object.hasOwn(SHORT, text) ? { ...name, parts: [{ ...first, text: SHORT[text] }] } : name;
}

/** The names in a text with commas between them, such as `id,params."a,b",min:loss`. */
export function splitColumns(text: string): string[] {
  return [...text.matchAll(/(?:"(?:[^"]|"")*"|[^,])+|(?<=,|^)(?=,|$)/g)].map(([name]) => name.trim());
}

/** Everything that may be asked of an experiment by one word. */
export function columnNames(): string[] {
  const { columns, hidden = [] } = tableOf("experiments")!;
  return [...Object.keys(SHORT), ...[...columns, ...hidden].map(([name]) => name)];
}

/**
 * The name of a column as it is given in a list: `id`, `params.weight-decay`, `params."a.b"`, `git.commit`, `min:loss`.
 *
 * @param text What was written.
 * @param at Where it stands in the text of the whole question.
 * @throws {UsageError} For a statistic that does not exist, with the near one.
 */
export function parseColumn(text: string, at = 0): NameExpression {
  const span = { start: at, end: at + text.length };
  const statistic = statisticOf(text);
  if (statistic?.series === "") {
    throw new UsageError(
      `Cannot show "${text}": it does not name a series; write ${text}loss, or another that dbx schema lists`,
    );
  }
  if (statistic !== undefined) return { kind: "name", parts: [{ text, quote: '"', ...span }], ...span };
  const pieces = [...text.matchAll(/"((?:[^"]|"")*)"(?=\.|$)|([^."]+)(?=\.|$)/g)];
  if (pieces.map(([piece]) => piece).join(".") !== text || text === "") throw unknownColumn(text);
  const parts = pieces.map((piece): Name => {
    const start = at + piece.index;
    const quoted = piece[1]?.replaceAll('""', '"');
    return { text: quoted ?? piece[2], quote: quoted === undefined ? "" : '"', start, end: start + piece[0].length };
  });
  const [first] = parts;
  if (parts.length === 1 && first.text.includes(":")) throw unknownColumn(text);
  const names = columnNames();
  if (parts.length === 1 && !names.includes(first.text.toLowerCase())) {
    const hint = didYouMean(first.text, names);
    if (hint !== "") throw new UsageError(`Cannot find the column "${text}"${hint}`);
  }
  return fullName({ kind: "name", parts, ...span });
}

/** The same for a name that is kept for later: it has to be one of a column, or to begin with one that has parts. */
export function parseKnownColumn(text: string): NameExpression {
  const name = parseColumn(text);
  const [first, ...more] = name.parts;
  const isKnown = statisticOf(text) !== undefined ||
    (more.length === 0 ? columnNames().includes(first.text.toLowerCase()) : isFamily(first));
  if (isKnown) return name;
  throw new UsageError(
    `Cannot find the column "${text}"; dbx schema experiments lists them, and a param is written as params.${
      more.length === 0 ? text : "lr"
    }`,
  );
}

function unknownColumn(text: string): UsageError {
  const colon = text.indexOf(":");
  if (colon < 0) {
    return new UsageError(`Cannot read the column "${text}": expected a name such as params.lr or min:loss`);
  }
  const statistic = text.slice(0, colon);
  const hint = didYouMean(statistic, STATISTICS) || `; there are ${STATISTICS.join(", ")}`;
  return new UsageError(`Cannot show "${text}": a series has no statistic "${statistic}"${hint}`);
}
