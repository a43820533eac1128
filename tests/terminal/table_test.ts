import { printTable, width } from "../../lib/terminal/table.ts";
import { assertEquals } from "../assert.ts";
import { keptOutputs } from "./sink.ts";

const none = { permissions: "none" } as const;

Deno.test("width: columns of a terminal, not characters", none, () => {
  const widths: readonly (readonly [text: string, columns: number])[] = [
    ["loss", 4],
    ["größe", 5],
    ["e\u0301", 1],
    ["日本", 4],
    ["🚀", 2],
    ["👩‍🔬", 2],
    ["a🚀b", 4],
    ["", 0],
  ];
  for (const [text, columns] of widths) assertEquals(width(text), columns, JSON.stringify(text));
});

/** What a table looks like on a terminal of so many columns. */
function onTerminal(
  columns: number,
  header: readonly string[],
  rows: readonly string[][],
  chosenBy?: string,
): string[] {
  const kept = keptOutputs({ isTerminal: true });
  kept.columns = columns;
  const lines = printTable(kept.stdout, header, rows, { chosenBy });
  const shown = kept.take().trimEnd().split("\n");
  assertEquals(shown.length, lines);
  return shown;
}

Deno.test("printTable: on a narrow terminal empty columns go, then the last ones, and no number is cut", none, () => {
  const header = ["id", "name", "status", "lr", "loss"];
  const rows = [["3f9a", "", "finished", "0.1", "0.123456"], ["81cd", "", "failed", "0.001", "1.5"]];
  assertEquals(onTerminal(40, header, rows)[0], "id    name  status       lr      loss");
  assertEquals(onTerminal(36, header, rows), [
    "id    status       lr      loss",
    "3f9a  finished    0.1  0.123456",
    "81cd  failed    0.001       1.5",
  ]);
  assertEquals(onTerminal(30, header, rows, "--cols"), [
    "id    status       lr",
    "3f9a  finished    0.1",
    "81cd  failed    0.001",
    "1 more column; --cols chooses",
  ]);
  assertEquals(onTerminal(20, header, rows).slice(2), ["81cd  failed", "2 more columns; --json shows them"]);
});

Deno.test("printTable: a text is cut where enough of it stays, else its column goes", none, () => {
  const rows = [["3f9a", "a note of many words", "1"], ["81cd", "12345678901234567890", "2"]];
  assertEquals(onTerminal(24, ["id", "note", "n"], rows), [
    "id    note",
    "3f9a  a note of many wo…",
    "81cd  …",
    "1 more column; --json shows them",
  ]);
  assertEquals(onTerminal(20, ["id", "note", "n"], rows).at(-1), "2 more columns; --json shows them");
  const times = [["3f9a", "17960563076761234"], ["81cd", "2"]];
  assertEquals(onTerminal(22, ["id", "ns"], times), ["id", "3f9a", "81cd", "1 more column; --json shows them"]);
  assertEquals(onTerminal(10, ["ns"], [[times[0][1]]]).at(-1), times[0][1], "the only column stays whole");
});

Deno.test("printTable: into a pipe everything goes", none, () => {
  const kept = keptOutputs({ isTerminal: false });
  kept.columns = 5;
  printTable(kept.stdout, ["id", "", "loss"], [["3f9a", "", "0.123456"]]);
  assertEquals(kept.take(), "id          loss\n3f9a    0.123456\n");
});
