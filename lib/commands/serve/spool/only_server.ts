import type { SpoolEntry } from "../../../client/spool/list.ts";

/** The URL of the server that all spools are for; undefined where there are several servers or no spool. */
export function onlyServer(spools: readonly Pick<SpoolEntry, "url">[]): string | undefined {
  const urls = new Set(spools.map(({ url }) => url));
  return urls.size === 1 ? [...urls][0] : undefined;
}
