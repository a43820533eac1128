import { UsageError } from "../../base/errors.ts";
import type { Change } from "./changes.ts";

/** What can be edited of an experiment. */
export interface Editable {
  readonly name: string;
  readonly tags: readonly string[];
  /** The notes about the experiment itself, oldest first. */
  readonly notes: readonly string[];
}

/**
 * The text for an editor. Comments stand above and below: an editor that obeys settings in the first and last lines of a file
 * finds none there that somebody wrote into a note.
 */
export function editableText(id: string, { name, tags, notes }: Editable): string {
  return [
    `# Experiment ${id}`,
    "# Lines that begin with # do not count. An empty file changes nothing.",
    "# Tags are separated by commas. Each note begins with note: and goes on in",
    "# indented lines. To write a further note, add a line that begins with note:",
    "#",
    `name: ${name}`,
    `tags: ${tags.map(tagText).join(", ")}`,
    ...notes.map(noteText),
    "",
    ...END,
    "",
  ].join("\n");
}

/** At least five lines. */
const END = [
  "# When the editor is closed, what was changed is said of the experiment:",
  "# a new name, tags that were added or taken away, notes that were added,",
  "# changed or taken away. Each of these can be taken back:",
  "#   dbx rename --undo",
  "#   dbx tag --undo",
  "#   dbx note --undo",
];

/** What an edited text says; undefined: it is empty, and nothing is to be changed. */
export function parseEdited(text: string): Editable | undefined {
  let name: string | undefined;
  const tags: string[] = [];
  const notes: string[][] = [];
  let note: string[] | undefined;
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  for (const [at, line] of lines.entries()) {
    if (line.startsWith("#")) continue;
    if (line.trim() === "" || /^\s/.test(line)) {
      if (note !== undefined) note.push(line.replace(/^ {1,2}|^\t/, ""));
      else if (line.trim() !== "") throw wrongLine(at, line);
      continue;
    }
    const [, key, value] = /^(name|tags|note):\s?(.*)$/.exec(line) ?? [];
    note = undefined;
    if (key === "name") name = value.trim();
    else if (key === "tags") tags.push(...parseTags(value, at));
    else if (key === "note") notes.push(note = [value]);
    else throw wrongLine(at, line);
  }
  if (name === undefined && tags.length === 0 && notes.length === 0) return undefined;
  return {
    name: name ?? "",
    tags: [...new Set(tags)],
    notes: notes.map((own) => own.join("\n").trim()).filter((own) => own !== ""),
  };
}

/** What has to be said so that what was so becomes as it was edited. */
export function changesBetween(before: Editable, after: Editable): Change[] {
  const changes: Change[] = [];
  if (after.name !== before.name) changes.push({ sort: "rename", ...after.name !== "" && { text: after.name } });
  for (const text of before.tags) if (!after.tags.includes(text)) changes.push({ sort: "tag", text, remove: true });
  for (const text of after.tags) if (!before.tags.includes(text)) changes.push({ sort: "tag", text });
  // A note that stands twice is taken away wholly, and said again as often as it is still there.
  const count = (notes: readonly string[], text: string) => notes.filter((note) => note === text).length;
  const fewer = [...new Set(before.notes)].filter((text) => count(after.notes, text) < count(before.notes, text));
  for (const text of fewer) changes.push({ sort: "note", text, remove: true });
  const left = before.notes.filter((text) => !fewer.includes(text));
  for (const text of after.notes) {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    else changes.push({ sort: "note", text });
  }
  return changes;
}

function noteText(note: string): string {
  return `note: ${note.replaceAll("\n", "\n  ")}`;
}

/** A tag with a comma, or with spaces or quotes at its ends, stands in quotes. */
function tagText(tag: string): string {
  return /[,"]|^\s|\s$/.test(tag) ? JSON.stringify(tag) : tag;
}

function parseTags(text: string, at: number): string[] {
  return [...text.matchAll(/\s*("(?:[^"\\]|\\.)*"|[^,]+)/g)].flatMap(([word]) => {
    const tag = word.trim();
    if (!tag.startsWith('"')) return tag === "" ? [] : [tag];
    try {
      return [String(JSON.parse(tag))];
    } catch {
      throw new UsageError(`Cannot read line ${at + 1}: the tag ${tag} is not a text in quotes`);
    }
  });
}

function wrongLine(at: number, line: string): UsageError {
  const begin = line.length > 40 ? `${line.slice(0, 40)}…` : line;
  return new UsageError(
    `Cannot read line ${at + 1}, "${begin}": expected name:, tags: or note:, and indented lines below a note`,
  );
}
