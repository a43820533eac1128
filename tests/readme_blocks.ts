/** README.md. */
export const readme: string = await Deno.readTextFile(new URL("../README.md", import.meta.url));

/** Its blocks of one language. */
export function blocks(language: string): string[] {
  const all = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  return all.filter((match) => match[1] === language).map((match) => match[2]);
}
