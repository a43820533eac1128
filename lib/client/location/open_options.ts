import type { RemoteRepositoryOptions } from "../remote_repository.ts";

/** How to open a repository. */
export interface OpenOptions extends RemoteRepositoryOptions {
  /** Make it where there is none. Default true. A server makes its own. */
  readonly create?: boolean;
  /**
   * The absolute path of a folder for what is derived from the logs; default `.dbx/index` in the repository, and only
   * memory where that cannot be written, another user made it (told with `--allow-sys=uid`), or the repository is in
   * format v0. A server has its own.
   */
  readonly index?: string;
}
