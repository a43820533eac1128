import { UsageError } from "../../base/errors.ts";
import { absolute } from "../../repo/default_repository.ts";

/** Where a repository is. */
export type Location =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "http"; readonly url: string; readonly host: string }
  | { readonly kind: "ssh"; readonly host: string; readonly port?: string; readonly path: string };

/**
 * What a user means by a location: `http(s)://host`, `ssh://user@host:port/path`, `user@host:path` as scp writes it, a
 * `file:` URL, or a path.
 */
export function parseLocation(text: string, cwd: string): Location {
  if (/^https?:\/\//i.test(text)) {
    let url: URL;
    try {
      url = new URL(text);
    } catch {
      throw new UsageError(`Cannot use "${text}" as a location: it is not a valid URL`);
    }
    if (url.username !== "" || url.password !== "") {
      throw new UsageError(`Cannot use a location with a password in it: store the token with dbx login instead`);
    }
    const port = url.port || (url.protocol === "https:" ? "443" : "80");
    return { kind: "http", url: url.href.replace(/\/+$/, ""), host: `${url.hostname}:${port}` };
  }
  const ssh = /^ssh:\/\/(?:([^@/]+)@)?([^:/@]+)(?::(\d+))?(\/.*)?$/.exec(text);
  if (ssh !== null) {
    const [, user, host, port, path = "/"] = ssh;
    // `ssh://host/~/x` is below the home folder there, as git has it.
    return { kind: "ssh", host: checkHost(user, host, text), port, path: path.replace(/^\/~\//, "~/") };
  }
  if (text.startsWith("file:")) {
    return { kind: "folder", path: absolute(decodeURIComponent(new URL(text).pathname), "/") };
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new UsageError(
      `Cannot use "${text}" as a location: dbx knows http, https, ssh and file, host:path, and paths`,
    );
  }
  const scp = /^(?:([^@/:]+)@)?([^:/@]+):(.*)$/.exec(text);
  if (scp !== null) {
    const [, user, host, path] = scp;
    return { kind: "ssh", host: checkHost(user, host, text), path: path === "" ? "." : path };
  }
  if (text === "") throw new UsageError("Cannot use an empty location");
  return { kind: "folder", path: absolute(text, cwd) };
}

/** A host that begins with a dash would be an option of ssh, and its settings may hand other signs to a shell. */
function checkHost(user: string | undefined, host: string, text: string): string {
  const isName = (name: string) => /^[\p{L}\p{N}_.~+][\p{L}\p{N}_.~+-]{0,254}$/u.test(name);
  if (!isName(host) || (user !== undefined && !isName(user))) {
    throw new UsageError(
      `Cannot use "${text}" as a location: a host name consists of letters, digits and ._- and does not begin with a dash`,
    );
  }
  return user === undefined ? host : `${user}@${host}`;
}
