import { type OrderColumn, orderOf } from "../../../../../lib/query/columns/operators/sort/order.ts";
import { vectorOfValues } from "../../../../../lib/query/vectors/value_vector.ts";
import type { Value } from "../../../../../lib/query/values/value.ts";
import { assertEquals } from "../../../../assert.ts";

function order(...columns: readonly (readonly [values: readonly Value[], descending?: boolean])[]): number[] {
  const count = columns[0][0].length;
  const by = columns.map(([values, descending = false]): OrderColumn => {
    return { vector: vectorOfValues(values), descending, nullsFirst: false };
  });
  return [...orderOf(by, count) ?? Array.from({ length: count }, (_, row) => row)];
}

Deno.test({ name: "orderOf: texts count where numbers are equal, and only there", permissions: "none" }, () => {
  assertEquals(order([[3n, 1n, 2n]], [["a", "b", "c"]]), [1, 2, 0]);
  assertEquals(order([[3n, 1n, 3n, 2n]], [["b", "c", "a", "d"]]), [1, 3, 2, 0]);
  assertEquals(order([[3n, 1n, 3n, 2n], true], [["b", "c", "a", "d"]]), [2, 0, 3, 1]);
  assertEquals(order([[1n, 1n, 2n]], [["b", "a", "c"]]), [1, 0, 2]);
  assertEquals(order([[null, 1n, null]], [["b", "c", "a"]]), [1, 2, 0]);
  assertEquals(order([[1n, 1n, 1n]], [["b", "c", "a"]]), [2, 0, 1]);
  assertEquals(order([[1n, 2n, 3n]], [["b", "c", "a"]]), [0, 1, 2]);
  assertEquals(order([[0, -0]], [["b", "a"]]), [1, 0]);
});
