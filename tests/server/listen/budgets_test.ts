import { Budgets } from "../../../lib/server/listen/budgets.ts";
import { HttpError } from "../../../lib/server/http/http_error.ts";
import { assertEquals } from "../../assert.ts";

/** How many of so many requests are taken up at once. */
function taken(budgets: Budgets, count: number, known: (at: number) => string | undefined, address = "a"): number {
  let entered = 0;
  for (let at = 0; at < count; at++) {
    try {
      budgets.enter(known(at), address);
      entered++;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
    }
  }
  return entered;
}

const stranger = () => undefined;

Deno.test("Budgets: strangers have half, each one half of what a token has, and take nothing of it", () => {
  const budgets = new Budgets({ all: 16, each: 6 }, 1000);
  assertEquals(taken(budgets, 40, stranger), 3);
  for (const address of ["b", "c", "d"]) taken(budgets, 40, stranger, address);
  assertEquals(taken(budgets, 40, stranger, "e"), 0, "all strangers together have 8");
  assertEquals(taken(budgets, 40, () => "token"), 6);
  assertEquals(taken(budgets, 40, (at) => `token ${at}`), 10);
});

Deno.test("Budgets: a place that is given back is free again", () => {
  const budgets = new Budgets({ all: 2, each: 2 }, 1000);
  const leave = budgets.enter(undefined, "a");
  assertEquals(taken(budgets, 1, stranger), 0);
  leave();
  assertEquals(taken(budgets, 1, stranger), 1);
});
