import { withPlainNames } from "../../../lib/compare/diff/git_name.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("withPlainNames: names that git has put in quotes", () => {
  const cases = [
    [String.raw`?? "my notes \303\274.txt"`, "?? my notes ü.txt"],
    [String.raw`"a/x\"y\\z\tw"`, 'a/x"y\\z\tw'],
    [" M plain.py", " M plain.py"],
    ['?? ""', "?? "],
  ];
  for (const [text, plain] of cases) assertEquals(withPlainNames(text), plain);
});
