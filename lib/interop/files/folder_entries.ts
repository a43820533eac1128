/** What stands in a folder itself. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** The entries of a folder, ordered by name; none where there is no folder, or it cannot be listed. */
export async function folderEntries(path: string): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(path)) entries.push({ name, isFolder: isDirectory });
  } catch {
    return [];
  }
  return entries.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
