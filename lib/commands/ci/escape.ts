import { printable } from "../../base/printable.ts";

/** What Markdown, as GitHub and GitLab write it, takes for markup, a mention, a reference, an emoji or a link. */
const MARKUP = /[\\`*[\]<|~@&#$]|^>|(?<!\w)_|_(?!\w)|:(?=\/|[\w+-]+:)|(?<=w)ww(?=\.)/g;

/** A text of somebody else in Markdown: it is shown as it is, and is nothing else. */
export function escapeMarkdown(text: string): string {
  // An entity is shown as the character, and means nothing.
  return printable(text).replace(MARKUP, (found) => `&#${found.codePointAt(0)};${found.slice(1)}`);
}

/** Lines as a block of code. */
export function fence(lines: readonly string[]): string[] {
  const texts = lines.map(printable);
  const longest = Math.max(2, ...texts.flatMap((line) => [...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  const mark = "`".repeat(longest + 1);
  return [`${mark}text`, ...texts, mark];
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text in XML; the characters that XML cannot hold become question marks. */
export function escapeXml(text: string): string {
  return text.toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "?")
    .replace(/[&<>"]/g, (character) => ENTITIES[character]);
}
