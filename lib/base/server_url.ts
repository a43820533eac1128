import { UsageError } from "./errors.ts";

/** Whether a location is the URL of a server. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/**
 * A server's URL as it is kept: no slash at its end, no query.
 *
 * @throws {UsageError} For what is not a URL, and for one with a password in it.
 */
export function normalizeServerUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`Cannot use "${text}" as a location: it is not a valid URL`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(
      `Cannot use a URL with a password in it as a location: store the token with dbx login instead`,
    );
  }
  url.hash = "";
  url.search = "";
  return url.href.replace(/\/+$/, "");
}

/** Scheme, host and port of a server's URL: where a token may go. */
export function originOf(url: string): string {
  return new URL(normalizeServerUrl(url)).origin;
}

/** The host and port of a URL, as permissions name them. */
export function hostOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

/** Whether the connection to a server is private: over TLS, or within this machine. */
export function isPrivateWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/**
 * Refuses to send a token where others could hear it.
 *
 * @throws {UsageError} Which says what to do instead.
 */
export function checkWay(
  url: string,
  { token, insecure }: { readonly token?: string; readonly insecure?: boolean },
): void {
  if (token === undefined || insecure === true || isPrivateWay(url)) return;
  throw new UsageError(
    `Cannot send a token to ${url}: the connection is not encrypted, and anyone who reads it could use the token; use https, a ` +
      `tunnel, or, where you trust the network, --insecure (dbx login --insecure remembers that)`,
  );
}

/** What to do where a server asks for a token, and none was given. */
export function loginAdvice(url: string): string {
  return `; dbx login ${url} stores one, or pass it with --token-file or DBX_TOKEN`;
}
