/** From source, a worker loads its modules through its own permissions: the folders that it must be able to read. */
export function ownSources(): string[] {
  if (Deno.build.standalone) return [];
  const url = new URL("../../../", import.meta.url);
  return url.protocol === "file:" ? [decodeURIComponent(url.pathname).replace(/\/$/, "")] : [];
}
