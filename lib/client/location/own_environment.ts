import { Credentials, type ServerToken } from "./credentials.ts";
import { tokensFor } from "./tokens.ts";
import { isAbsolute } from "../../base/paths.ts";

/** Variables of the environment, as far as this process may see them. */
export function visibleVariables(...names: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => {
    if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") return [name, undefined];
    return [name, Deno.env.get(name)];
  }));
}

/** The token for a server that a script names, as far as the process may see it. */
export function visibleToken(url: string, insecure?: boolean): ServerToken | undefined {
  const env = visibleVariables("DBX_TOKEN", "DBX_REPO", "XDG_CONFIG_HOME", "HOME");
  const { path } = new Credentials(env);
  const mayRead = path !== undefined && Deno.permissions.querySync({ name: "read", path }).state === "granted";
  const seen = mayRead ? env : { ...env, XDG_CONFIG_HOME: undefined, HOME: undefined };
  return tokensFor([{ url, isNamed: true }], { env: seen, insecure })[url];
}

/** The folder that a location is relative to: asking for the working folder needs permission to read it. */
export function folderFor(location: string): string {
  return isAbsolute(location) || /^[a-z]+:/i.test(location) ? "/" : Deno.cwd();
}
