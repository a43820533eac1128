import { configFolder } from "./config_folder.ts";
import { UserFolder } from "./user_folder.ts";

/**
 * The remotes that the user confirmed. The settings of a repository from somebody else may name any server: nothing is
 * exchanged with one before the user said that it is meant.
 */
export class ConfirmedRemotes {
  readonly #folder: UserFolder | undefined;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    const folder = configFolder(env);
    this.#folder = folder === undefined ? undefined : new UserFolder(`${folder}/remotes`);
  }

  /** The absolute path of the folder; undefined where the environment says nothing of it. */
  get path(): string | undefined {
    return this.#folder?.path;
  }

  /** Whether a repository (an absolute path) may be synchronised with what its settings call `url`. */
  has(repo: string, url: string): boolean {
    return this.#folder?.get(keyOf(repo, url)) !== undefined;
  }

  add(repo: string, url: string): void {
    this.#folder?.set(keyOf(repo, url), { repo: realPath(repo), url });
  }

  remove(repo: string, url: string): void {
    this.#folder?.remove(keyOf(repo, url));
  }
}

function keyOf(repo: string, url: string): string {
  return JSON.stringify([realPath(repo), url]);
}

/** A repository is the same one by whatever links it is reached. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}
