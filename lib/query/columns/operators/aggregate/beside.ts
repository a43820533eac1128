import { gather } from "../../../vectors/gather.ts";
import { VectorBuilder } from "../../../vectors/vector_builder.ts";
import type { Vector } from "../../../vectors/vector.ts";
import type { GroupIds } from "../groups/groups.ts";

/** Rows that were kept, for each group, before those that no group is at any more are dropped. */
const MAX_ROWS_PER_GROUP = 8;

/** A column beside `min` or `max`: of the row that the answer is taken from, for each group. */
export class Beside {
  #column = new VectorBuilder();
  /** The row of each group in the column. */
  #places = new Int32Array(16);
  #groups = 0;

  /** Takes the column over from the rows that the answers are now taken from, in their order. */
  add(vector: Vector, hits: Int32Array, ids: GroupIds, groups: number): void {
    if (this.#places.length < groups) {
      const larger = new Int32Array(2 * groups);
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#groups = groups;
    const start = this.#column.count;
    for (let at = 0; at < hits.length; at++) this.#places[typeof ids === "number" ? ids : ids[hits[at]]] = start + at;
    this.#column.add(vector, hits.length, hits);
    if (this.#column.count > MAX_ROWS_PER_GROUP * groups + 8192) this.#compact();
  }

  finish(groups: number): Vector {
    return gather(this.#column.finish(), this.#places.subarray(0, groups));
  }

  #compact(): void {
    const column = new VectorBuilder();
    column.add(this.#column.finish(), this.#groups, this.#places);
    this.#column = column;
    for (let group = 0; group < this.#groups; group++) this.#places[group] = group;
  }
}
