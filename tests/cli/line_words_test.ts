import { lineWords } from "../../lib/cli/complete/line_words.ts";
import { assertEquals } from "../assert.ts";

Deno.test("completion in bash: the words of a line, and what of the last one is completed", () => {
  const cases: readonly (readonly [line: string, last: string, kept: number])[] = [
    ["dbx get cs14:ck", "cs14:ck", 5],
    ["dbx get 'cs14:ck", "cs14:ck", 0],
    ['dbx get "cs14:ck', "cs14:ck", 0],
    ["dbx ls --kind='tr", "--kind=tr", 7],
    ["dbx ls '--kind=tr", "--kind=tr", 0],
    ["dbx get a:b c", "c", 0],
    ["dbx get 'a b' ", "", 0],
  ];
  for (const [line, last, kept] of cases) {
    const found = lineWords(line);
    assertEquals([found.words.at(-1), found.kept], [last, kept], line);
  }
  assertEquals(lineWords("dbx get 'a b' c").words, ["dbx", "get", "a b", "c"]);
});
