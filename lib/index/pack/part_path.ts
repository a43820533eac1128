import type { PackFooter } from "./pack_footer.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The path of the log that a part is of, relative to the repository. */
export function pathOf({ parts, folders, letters, strings }: PackFooter, part: number): string {
  const folder = parts.folder[part];
  const [from, to] = [folder === 0 ? 0 : folders.end[folder - 1], folders.end[folder]];
  const name = strings[parts.name[part]];
  return from === to ? name : `${decoder.decode(letters.byte.subarray(from, to))}/${name}`;
}
