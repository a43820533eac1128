/** The words that start this dbx again. */
export function ownWords(): string[] {
  if (Deno.build.standalone) return [Deno.execPath()];
  const root = decodeURIComponent(new URL("../../", import.meta.url).pathname);
  return [Deno.execPath(), "run", "-A", "--quiet", "--config", `${root}deno.json`, `${root}cli.ts`];
}
