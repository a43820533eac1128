import { assertEquals } from "../assert.ts";
import { BINDINGS } from "../../lib/commands/look/top/bindings.ts";

Deno.test("top.md: its table has each key of dbx top, and what it does", async () => {
  const text = await Deno.readTextFile(new URL("../../lib/docs/top.md", import.meta.url));
  const rows = [...text.matchAll(/^\| (runs|charts|info, output|everywhere) +\| `([^`]+)` +\| (.*?) +\|$/gm)];
  const said = rows.map(([, where, key, does]) => `${where}: ${key}: ${does}`).sort();
  const places = { runs: "runs", charts: "charts", details: "info, output" };
  const known = BINDINGS.map(({ pane, label, does }) =>
    `${pane === undefined ? "everywhere" : places[pane]}: ${label}: ${does}`
  );
  assertEquals(said, known.sort());
});

Deno.test("dbx top: in one pane no two keys are the same", () => {
  for (const pane of ["runs", "charts", "details", undefined] as const) {
    const keys = BINDINGS.filter((it) => it.pane === pane).flatMap(({ keys }) => keys);
    assertEquals(keys.filter((key, at) => keys.indexOf(key) !== at), []);
  }
});
