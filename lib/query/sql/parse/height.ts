import { QueryError } from "../../result/query_error.ts";
import type { Expression } from "../tree.ts";
import { childrenOf } from "../walk.ts";

/** The levels that an expression may have, as in SQLite. */
export const MAX_HEIGHT = 1000;

/** How deep parentheses, queries and operators in front may be nested in the text. */
export const MAX_NESTING = 400;

/** Measures expressions as they are built. */
export class Heights {
  /** Of those that are higher than one level. */
  readonly #heights = new Map<unknown, number>();

  constructor(readonly sql: string) {}

  /** Notes an expression whose children have been noted. Throws `QueryError` where it gets too high. */
  note<T extends Expression>(node: T): T {
    let highest = 0;
    for (const child of childrenOf(node)) highest = Math.max(highest, this.#heights.get(child) ?? 1);
    if (highest === 0) return node;
    if (highest >= MAX_HEIGHT) {
      const message = `Cannot read the query: an expression has more than ${MAX_HEIGHT} levels`;
      throw new QueryError(message, this.sql, node.start);
    }
    this.#heights.set(node, highest + 1);
    return node;
  }
}
