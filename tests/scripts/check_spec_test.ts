import { assertEquals } from "@std/assert";
import { proofsIn } from "../../scripts/spec/proofs.ts";
import { statementsOf } from "../../scripts/spec/statements.ts";

const DOCUMENT = `# A title that MUST be nothing

MUST and SHOULD are those of RFC 2119. A server MUST refuse it [S1]. It MAY do
more. "Quoted" texts such as \`[S9]\` MUST NOT be taken, as \`a.b\`,
by a client [S2].

- One point MUST hold.
- (Another one MUST too [S3].) A third is free [S4].

| a   | b            |
| --- | ------------ |
| x   | MUST. So. [S5] |
| y   | MUST         |

\`\`\`text
MUST
\`\`\`
`;

Deno.test("statementsOf: sentences, points and rows, each with its id and whether it needs one", () => {
  const found = statementsOf(DOCUMENT).map(({ line, ids, demands, isAtEnd }) => [line, ids[0], demands, isAtEnd]);
  assertEquals(found, [
    [3, "S1", true, true],
    [3, "S2", true, true],
    [7, undefined, true, false],
    [8, "S3", true, true],
    [8, "S4", false, true],
    [12, "S5", true, true],
    [13, undefined, true, false],
  ]);
  const [crooked] = statementsOf("It [S1] MUST be at the end.");
  assertEquals([crooked.ids, crooked.isAtEnd], [["S1"], false]);
});

Deno.test("proofsIn: titles of code, comments of query files, fields and titles of data", () => {
  const ids = (path: string, source: string) => proofsIn(path, source).map(({ line, ids }) => [line, ...ids]);
  assertEquals(ids("a.ts", 'Deno.test("x [S1, F2]", () => {});\n// "[S3]"\n`${x} [S4]`;\na[S5];'), [
    [1, "S1", "F2"],
    [3, "S4"],
  ]);
  assertEquals(ids("a.test", "# of [F1]\nSELECT '[F2]'"), [[1, "F1"]]);
  assertEquals(ids("a.json", '{"title":"x [F1]",\n"spec": ["F2","F3"], "other": "F4"}\n{"spec":"F5"}'), [
    [1, "F1"],
    [2, "F2", "F3"],
    [3, "F5"],
  ]);
});
