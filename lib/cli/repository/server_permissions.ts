import { type Location, locationPermissions, parseLocation } from "../../client/location/location.ts";
import type { CommandEnvironment, PermissionSet } from "../command.ts";
import { mergePermissions } from "./merge_permissions.ts";
import { isAbsolute, isBelow } from "../../base/paths.ts";

/** The same set for repositories that are not folders here: they are reached as their locations say. */
export async function withServers(set: PermissionSet, environment: CommandEnvironment): Promise<PermissionSet> {
  const far = environment.repos.flatMap((repo) => {
    const location = parseLocation(repo, environment.cwd);
    return location.kind === "folder" ? [] : [location];
  });
  if (far.length === 0) return set;
  const isFar = (path: string) => environment.repos.some((repo) => !isAbsolute(repo) && isBelow(path, repo));
  const near = (paths: readonly string[] | true | undefined) =>
    paths === true || paths === undefined ? paths : paths.filter((path) => !isFar(path));
  const own = { ...set, read: near(set.read), write: near(set.write) };
  const sets = far.map((location) => locationPermissions(location, environment, true));
  const merged = mergePermissions([own, ...sets, await tokenPermissions(far, environment)]);
  return { ...own, ...merged, inner: set.inner };
}

/** The tokens for servers that the user named. */
async function tokenPermissions(far: readonly Location[], environment: CommandEnvironment): Promise<PermissionSet> {
  const { tokensFor } = await import("../../client/location/tokens.ts");
  const servers = far.flatMap((location) => location.kind === "http" ? [{ url: location.url, isNamed: true }] : []);
  return { tokens: tokensFor(servers, environment) };
}
