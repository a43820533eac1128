import { chartCells } from "../../lib/plot/cells/chart_cells.ts";
import { lineText } from "../../lib/plot/cells/span.ts";
import { type ChartCurve, chartOf, type ChartOptions } from "../../lib/plot/chart.ts";
import { sparkline } from "../../lib/plot/sparkline.ts";
import { assert, assertEquals } from "../assert.ts";

const none = { permissions: "none" } as const;

function drawn(curves: readonly ChartCurve[], options: ChartOptions = {}, how = {}): string[] {
  return chartCells(chartOf(curves, options), { columns: 30, rows: 9, ...how }).map(lineText);
}

const RISING = { label: "up", x: [0, 1, 2, 3], y: [0, 1, 2, 3] };

Deno.test("chartCells: a line in each set of characters", none, () => {
  assertEquals(drawn([RISING]), [
    "3 ┤                       ⣀⠤⠒⠉",
    "  │                  ⢀⡠⠔⠊⠉",
    "2 ┤             ⢀⡠⠤⠒⠉⠁",
    "1 ┤        ⢀⣀⠤⠒⠊⠁",
    "  │    ⣀⡠⠔⠊⠁",
    "0 ┤⣀⠤⠒⠉",
    "  └┬────────┬───────┬────────┬",
    "   0        1       2        3",
    "── up",
  ]);
  const ascii = drawn([RISING], {}, { characters: "ascii" });
  assert(ascii.every((line) => /^[\x20-\x7e]*$/.test(line)), ascii.join("\n"));
  assert(drawn([RISING], {}, { characters: "blocks" }).join("").includes("▄"));
});

Deno.test("chartCells: the first step alone stands at the left, and nothing before it", none, () => {
  const lines = drawn([{ label: "loss", x: [0], y: [0.5] }]);
  assertEquals(/^ +0 +1$/.test(lines.at(-2)!), true, lines.join("\n"));
});

Deno.test("chartCells: what is NaN or infinite is a gap, and is counted", none, () => {
  const lines = drawn([{ label: "loss", x: [0, 1, 2, 3, 4], y: [1, 1, NaN, 1, Infinity] }]);
  const [row] = lines.filter((line) => /[⠀-⣿]/.test(line)).map((line) => line.slice(line.indexOf("┤") + 1));
  assertEquals(/^[⠀-⣿]+ +[⠀-⣿]$/.test(row), true, row);
  assertEquals(lines.at(-1), "── loss (2 nan or inf left ou…");
  assertEquals(drawn([{ label: "l", x: [0], y: [NaN] }]), ["no points to draw"]);
});

Deno.test("chartCells: a logarithmic axis leaves out what is not above 0, and says so", none, () => {
  const lines = drawn([{ label: "l", x: [0, 1, 2, 3], y: [0, 1, 10, 100] }], { yKind: "log" });
  assertEquals(lines.at(-1), "── l (1 not above 0 left out)");
  assertEquals(lines.filter((line) => /^ *\d+ ┤/.test(line)).map((line) => Number.parseInt(line)), [100, 10, 1]);
});

Deno.test("chartCells: lines leave the picture where the limits cut them", none, () => {
  const lines = drawn([{ label: "l", x: [0, 1, 2], y: [0, 1e300, 0] }], { yLimits: [0, 1] });
  assert(lines.length === 9 && lines[0].includes("1.0 ┤"), lines.join("\n"));
});

Deno.test("chartCells: the picture is as high and as wide as was asked, whatever is drawn", none, () => {
  for (const columns of [20, 60, 200]) {
    for (const rows of [8, 15, 50]) {
      for (const count of [1, 3, 200]) {
        const curves = Array.from({ length: count }, (_, at) => ({ ...RISING, label: `curve ${at}` }));
        const lines = drawn(curves, { title: "t", xName: "step" }, { columns, rows });
        assert(lines.length <= rows, `${lines.length} rows for ${rows}`);
        assert(lines.every((line) => [...line].length <= columns), `too wide for ${columns}:\n${lines.join("\n")}`);
      }
    }
  }
});

Deno.test("chartCells: bands stand behind their line, and reach as far as it", none, () => {
  const y = [1, 2, 3];
  const chart = chartOf([{ label: "m", x: [0, 1, 2], y, band: { low: [0, 1, 2], high: [2, 3, 4] } }]);
  const lines = chartCells(chart, { columns: 30, rows: 12 });
  assert(lines.some((line) => line.some(({ isFaint, paint }) => isFaint === true && paint === 0)));
  assertEquals([chart.y?.low, chart.y?.high], [0, 4]);
});

Deno.test("chartCells: points that do not stand in the order of x are drawn from left to right", none, () => {
  const mixed = { label: "up", x: [2, 0, NaN, 3, 1], y: [2, 0, 5, 3, 1] };
  assertEquals(drawn([mixed]).slice(0, -1), drawn([RISING]).slice(0, -1));
});

Deno.test("sparkline: a character for each part, a space where nothing is known", none, () => {
  assertEquals(sparkline([0, 1, 2, 3, NaN, 7], 10), "▁▂▃▄ █");
  assertEquals(sparkline(Array.from({ length: 1000 }, (_, at) => at), 8), "▁▂▃▄▅▆▇█");
  assertEquals(sparkline([5, 5], 4), "▅▅");
  assertEquals(sparkline([], 4), "");
  assertEquals(sparkline([-1e308, 1e308], 2, "ascii"), "_#");
});

Deno.test(
  "chartCells: the name of the x axis is written: where no gap has room for it, numbers make room",
  none,
  () => {
    const wide = { ...RISING, x: [0, 1000, 2000, 123_456] };
    for (
      const [name, columns] of [["step", 30], ["step", 22], ["relative time", 40], ["optimizer.momentum", 60]] as const
    ) {
      const lines = drawn([wide], { xName: name }, { columns });
      const axis = lines.at(-2)!;
      assert(axis.includes(name) && /\d/.test(axis.replace(name, "")), lines.join("\n"));
      assert(lines.every((line) => line.length <= columns), lines.join("\n"));
    }
    const long = drawn([wide], { xName: "a name that is much longer than the whole axis" }, { columns: 30 }).at(-2)!;
    assert(/\d.*a name.*…/.test(long) && long.length <= 30, long);
  },
);
