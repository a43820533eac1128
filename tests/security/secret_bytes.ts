// Looks for bytes in every file below folders, whatever it is called.

/** The files below some folders that hold a text. Fails for none that is not there. */
export async function holding(text: string, ...folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const needle = new TextEncoder().encode(text);
  for (const folder of folders) {
    for await (const path of filesBelow(folder)) {
      // What is being made may be gone by now.
      const bytes = await Deno.readFile(path).catch(() => new Uint8Array());
      if (path.includes(text) || includes(bytes, needle)) found.push(path);
    }
  }
  return found;
}

function includes(bytes: Uint8Array, needle: Uint8Array): boolean {
  for (let at = bytes.indexOf(needle[0]); at >= 0; at = bytes.indexOf(needle[0], at + 1)) {
    if (needle.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(folder));
  } catch {
    return;
  }
  for (const { name, isDirectory, isFile } of entries) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else if (isFile) yield `${folder}/${name}`;
  }
}
