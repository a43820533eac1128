import { messageOf } from "../../base/errors.ts";
import { areSameHashes, type KeptToken, type TokenFile } from "./token_file.ts";

/** Milliseconds for which a file is taken to be as it was. */
const FRESH_MS = 400;

/**
 * The tokens in a file as a server knows them: what is added or removed counts within half a second. A file that is not
 * there, or is damaged, has none: none of its tokens is accepted.
 */
export class TokenCache {
  #tokens: readonly KeptToken[] = [];
  #readAt = -Infinity;
  #wasThere = false;
  #trouble: string | undefined;

  /** `onTrouble`: called once for a file that cannot be read. `now`: milliseconds of any clock. */
  constructor(
    readonly file: TokenFile,
    readonly onTrouble: (message: string) => void = () => {},
    readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether something of its name stands there. */
  get isThere(): boolean {
    return this.file.isThere;
  }

  /** The token of a hash. Looks at all, whichever fits. */
  find(hash: string): KeptToken | undefined {
    let found: KeptToken | undefined;
    for (const token of this.#fresh()) if (areSameHashes(token.sha256, hash)) found = token;
    return found;
  }

  /** The name of the token that has an id. */
  nameOf(id: string): string | undefined {
    return this.#fresh().find((token) => token.id === id)?.name;
  }

  /** All tokens. */
  all(): readonly KeptToken[] {
    return this.#fresh();
  }

  /** Reads the file, where it was not just read. */
  #fresh(): readonly KeptToken[] {
    const now = this.now();
    if (now - this.#readAt < FRESH_MS) return this.#tokens;
    this.#readAt = now;
    let trouble: string | undefined;
    try {
      const tokens = this.file.read();
      this.#tokens = tokens ?? [];
      if (tokens === undefined && this.#wasThere) trouble = `there is no file "${this.file.path}" any more`;
      else if (tokens !== undefined) this.#wasThere = true;
    } catch (error) {
      this.#tokens = [];
      trouble = messageOf(error);
    }
    if (trouble !== undefined && trouble !== this.#trouble) {
      this.onTrouble(`None of its tokens is accepted until that is repaired: ${trouble}`);
    }
    this.#trouble = trouble;
    return this.#tokens;
  }
}
