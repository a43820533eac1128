import { isUrl } from "../../base/server_url.ts";
import type { CommandEnvironment, PermissionSet } from "../command.ts";

/** The same set, where what stands in a repository behind a URL is reached over the network instead. */
export async function withServers(set: PermissionSet, around: CommandEnvironment): Promise<PermissionSet> {
  const servers = around.repos.filter(isUrl);
  if (servers.length === 0) return set;
  const { serverTokens } = await import("./server_tokens.ts");
  const isFar = (path: string) => servers.some((server) => path === server || path.startsWith(`${server}/`));
  const near = (paths: readonly string[] | true | undefined) =>
    paths === true || paths === undefined ? paths : paths.filter((path) => !isFar(path));
  const read = near(set.read);
  const { DBX_CA_FILE: certificates } = around.env;
  const net = set.net === true ? true : [...new Set([...set.net ?? [], ...servers.map(hostOf)])];
  return {
    ...set,
    read: read === true ? true : [...read ?? [], ...certificates ? [certificates] : []],
    write: near(set.write),
    net,
    tokens: { ...set.tokens, ...serverTokens(servers.map((url) => ({ url, isNamed: true })), around) },
  };
}

/** The host and port of a URL. */
export function hostOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
