/** The paths of the files below a folder that have an ending. */
export async function filesBelow(folder: string, ending = ".js"): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) files.push(...await filesBelow(`${folder}/${name}`, ending));
    else if (name.endsWith(ending)) files.push(`${folder}/${name}`);
  }
  return files;
}
