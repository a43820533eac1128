import { isObject } from "../../base/json.ts";
import { normalizeServerUrl } from "../../base/server_url.ts";
import { configFolder } from "./config_folder.ts";
import { UserFolder } from "./user_folder.ts";

/** A token, and the only server that gets it. */
export interface Credential {
  /** What `dbx login` was given: the server, or one of its repositories. */
  readonly url: string;
  readonly token: string;
  /** Whether it may go over a way that is not encrypted. */
  readonly insecure?: boolean;
}

/** What goes with requests to a server. */
export type ServerToken = Pick<Credential, "token" | "insecure">;

type Environment = Readonly<Record<string, string | undefined>>;

/** The tokens that the user logged in with, in the user's own configuration. */
export class Credentials {
  readonly #folder: UserFolder | undefined;

  constructor(env: Environment) {
    const folder = configFolder(env);
    this.#folder = folder === undefined ? undefined : new UserFolder(`${folder}/tokens`);
  }

  /** The absolute path of the folder; undefined where the environment says nothing of it. */
  get path(): string | undefined {
    return this.#folder?.path;
  }

  /** The one for a URL: of the same scheme, host and port, and of it or what stands before it at a slash. */
  find(url: string): Credential | undefined {
    const { origin, pathname } = new URL(normalizeServerUrl(url));
    const parts = pathname.split("/").filter(Boolean);
    for (let count = parts.length; count >= 0; count--) {
      const candidate = [origin, ...parts.slice(0, count)].join("/");
      const kept = credentialOf(this.#folder?.get(candidate));
      // Whatever the name of a file says: a token goes where it was meant to go.
      if (kept?.url === candidate) return kept;
    }
  }

  list(): Credential[] {
    return (this.#folder?.list() ?? []).flatMap((json) => credentialOf(json) ?? []).sort((a, b) =>
      a.url < b.url ? -1 : 1
    );
  }

  /** Keeps one; its URL must be as `normalizeServerUrl` gives it. */
  keep(credential: Credential): void {
    this.#folder?.set(credential.url, credential);
  }

  /** Forgets the one of a URL. Returns whether there was one. */
  forget(url: string): boolean {
    return this.#folder?.remove(normalizeServerUrl(url)) ?? false;
  }
}

function credentialOf(json: unknown): Credential | undefined {
  if (!isObject(json) || typeof json.url !== "string" || typeof json.token !== "string") return undefined;
  return { url: json.url, token: json.token, insecure: json.insecure === true };
}
