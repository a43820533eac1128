import { UsageError } from "./errors.ts";

/** Whether a location is the URL of a server. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** A server's URL as it is kept: no slash at its end, no password, no query. */
export function baseOf(location: string): string {
  let url: URL;
  try {
    url = new URL(location);
  } catch {
    throw new UsageError(`Cannot use "${location}" as a repository: it is no URL`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(
      `Cannot use a URL with a password in it as a repository: give the token by --token-file or DBX_TOKEN`,
    );
  }
  url.hash = "";
  url.search = "";
  return url.href.replace(/\/+$/, "");
}
