import { assert, assertEquals } from "../../assert.ts";
import { divide, gridIn } from "../../../lib/terminal/screen/layout.ts";

Deno.test("divide: fixed lengths, shares, and what is least", () => {
  assertEquals(divide(100, [{ share: 1 }, { share: 3 }]), [25, 75]);
  assertEquals(divide(101, [1, { share: 1 }, { share: 1 }, 2]), [1, 49, 49, 2]);
  assertEquals(divide(10, [{ share: 1, least: 8 }, { share: 9 }]), [8, 2]);
  assertEquals(divide(5, [{ share: 1, least: 4 }, { share: 1, least: 4 }]), [5, 0]);
  assertEquals(divide(3, [5]), [3]);
  for (let whole = 0; whole < 60; whole++) {
    const parts = divide(whole, [{ share: 2 }, 3, { share: 5, least: 4 }, { share: 1 }]);
    assert(parts.every((part) => part >= 0), `${whole}: ${parts}`);
    assert(parts.reduce((sum, part) => sum + part) <= whole, `${whole}: ${parts}`);
  }
});

Deno.test("gridIn: boxes that do not overlap, lie inside, and are not smaller than the least if there is room", () => {
  for (const columns of [20, 38, 58, 120, 300]) {
    for (const rows of [4, 10, 40]) {
      for (const count of [0, 1, 2, 3, 5, 12, 100]) {
        const boxes = gridIn({ column: 2, row: 1, columns, rows }, count, { columns: 30, rows: 8 });
        assertEquals(
          boxes.length,
          Math.min(count, Math.max(1, Math.floor(columns / 30)) * Math.max(1, Math.floor(rows / 8))),
        );
        const cells = new Set<string>();
        for (const box of boxes) {
          assert(box.columns >= Math.min(columns, 30) && box.rows >= Math.min(rows, 8), JSON.stringify(box));
          for (let x = box.column; x < box.column + box.columns; x++) {
            for (let y = box.row; y < box.row + box.rows; y++) {
              assert(x >= 2 && y >= 1 && x < 2 + columns && y < 1 + rows && !cells.has(`${x},${y}`));
              cells.add(`${x},${y}`);
            }
          }
        }
      }
    }
  }
});
