import { cellsOf, numbersOf } from "../../lib/terminal/values.ts";
import { assertEquals } from "../assert.ts";

Deno.test(
  "numbersOf, cellsOf: 6 significant digits on a terminal, all of them elsewhere",
  { permissions: "none" },
  () => {
    const [terminal, pipe] = [true, false].map((isTerminal) => ({ isTerminal }));
    for (const textsOf of [numbersOf, cellsOf]) {
      assertEquals(textsOf(terminal)(0.123456789), "0.123457");
      assertEquals(textsOf(pipe)(0.123456789), "0.123456789");
      assertEquals(textsOf(terminal)(1.23456789e-9), "1.23457e-9");
      assertEquals(textsOf(pipe)(NaN), "nan");
      assertEquals(textsOf(pipe)(-Infinity), "-inf");
    }
    const value = { betas: [0.1 + 0.2, 1], name: "x" };
    assertEquals(cellsOf(terminal)(value), '{"betas":[0.3,1],"name":"x"}');
    assertEquals(cellsOf(pipe)(value), '{"betas":[0.30000000000000004,1],"name":"x"}');
  },
);
