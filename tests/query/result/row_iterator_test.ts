import { assertEquals, assertRejects } from "@std/assert";
import { RowIterator } from "../../../lib/query/result/row_iterator.ts";

/** Arrays of the lengths, of numbers that go up; then an error, or the end. */
async function* chunks(lengths: readonly number[], error?: Error, closed?: () => void): AsyncGenerator<number[]> {
  let next = 0;
  try {
    for (const length of lengths) yield await Promise.resolve(Array.from({ length }, () => next++));
    if (error !== undefined) throw error;
  } finally {
    closed?.();
  }
}

const all = (lengths: readonly number[]) => Array.from({ length: lengths.reduce((a, b) => a + b, 0) }, (_, at) => at);
const iterable = <T>(iterator: AsyncIterator<T>) => ({ [Symbol.asyncIterator]: () => iterator });

Deno.test("RowIterator: every row once, in order, whatever the lengths of the arrays", async () => {
  for (const lengths of [[], [0], [1], [3, 0, 0, 2], [0, 1, 0], [5, 5, 5]]) {
    assertEquals(await Array.fromAsync(iterable(new RowIterator(chunks(lengths)))), all(lengths));
  }
});

Deno.test("RowIterator: rows that are asked for at once are each given once, and then the end", async () => {
  const iterator = new RowIterator(chunks([2, 0, 3, 1]));
  const found = await Promise.all(Array.from({ length: 9 }, () => iterator.next()));
  assertEquals(found.filter(({ done }) => !done).map(({ value }) => value).toSorted(), all([6]));
  assertEquals(found.filter(({ done }) => done).length, 3);
});

Deno.test("RowIterator: an error comes behind the rows before it, and closes", async () => {
  let closed = 0;
  const seen: number[] = [];
  await assertRejects(
    async () => {
      const rows = iterable(new RowIterator(chunks([2, 1], new RangeError("a fault"), () => closed++)));
      for await (const row of rows) seen.push(row);
    },
    RangeError,
    "a fault",
  );
  assertEquals([seen, closed], [[0, 1, 2], 1]);
});

Deno.test("RowIterator: a loop that is left closes what gives the arrays", async () => {
  let closed = 0;
  for await (const row of iterable(new RowIterator(chunks([3, 3], undefined, () => closed++)))) if (row === 1) break;
  assertEquals(closed, 1);
});
