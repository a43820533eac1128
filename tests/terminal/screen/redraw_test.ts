import { assert, assertEquals } from "../../assert.ts";
import { Cells } from "../../../lib/terminal/screen/cells.ts";
import { redraw } from "../../../lib/terminal/screen/redraw.ts";
import { BOLD, ink, PLAIN, REVERSE, type Style } from "../../../lib/terminal/screen/style.ts";
import { Terminal } from "../pty.ts";
import { terminalTest } from "../tools.ts";

/** A terminal that obeys what `redraw` may send, and nothing else. */
class Emulator {
  cells: string[][] = [];
  #column = 0;
  #row = 0;
  #style = "0";

  constructor(readonly columns: number, readonly rows: number) {
    this.#clear();
  }

  write(text: string): void {
    // deno-lint-ignore no-control-regex
    for (const [part, parameters, command] of text.matchAll(/\x1b\[([\d;]*)([A-Za-z])|[^\x1b]\p{M}*/gu)) {
      if (command === "H") [this.#row, this.#column] = parameters.split(";").map((number) => Number(number) - 1);
      else if (command === "C") this.#column += Number(parameters || 1);
      else if (command === "m") this.#style = parameters;
      else if (command === "J") this.#clear();
      else if (command !== undefined) throw new Error(`an unknown sequence: ${JSON.stringify(part)}`);
      else this.#put(part);
    }
  }

  #put(text: string): void {
    const width = /[\u4e00-\u9fff]/.test(text) ? 2 : 1;
    const row = this.cells[this.#row];
    assert(row !== undefined && this.#column + width <= this.columns, `${text} at ${this.#column}, ${this.#row}`);
    // As terminals do: what is written over one half of a wide character takes the other half away.
    if (row[this.#column] === "") row[this.#column - 1] = "0: ";
    if (row[this.#column + width] === "") row[this.#column + width] = "0: ";
    row[this.#column] = `${this.#style}:${text}`;
    if (width === 2) row[this.#column + 1] = "";
    this.#column += width;
  }

  #clear(): void {
    this.cells = Array.from({ length: this.rows }, () => new Array(this.columns).fill("0: "));
  }
}

/** Random numbers that are the same each time. */
function randomly(seed: number): () => number {
  return () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
}

const STYLES: readonly Style[] = [PLAIN, BOLD, ink(2), ink(12) | REVERSE, ink(208)];
const TEXTS = ["hello", "中文", "a中b", "e\u0301x", "│──╮", " ", "loss 0.123"];

function drawRandomly(cells: Cells, random: () => number, texts: number): void {
  for (let at = 0; at < texts; at++) {
    const [column, row] = [Math.floor(random() * cells.columns), Math.floor(random() * cells.rows)];
    cells.area.text(
      column,
      row,
      TEXTS[Math.floor(random() * TEXTS.length)],
      STYLES[Math.floor(random() * STYLES.length)],
    );
  }
}

Deno.test("redraw: a terminal that obeys the changes shows what one shows that is drawn from nothing", () => {
  const random = randomly(7);
  for (let turn = 0; turn < 200; turn++) {
    const [columns, rows] = [1 + Math.floor(random() * 30), 1 + Math.floor(random() * 8)];
    const terminal = new Emulator(columns, rows);
    let shown: Cells | undefined;
    for (let frame = 0; frame < 6; frame++) {
      const cells = new Cells(columns, rows);
      if (shown !== undefined && frame % 3 !== 0) {
        for (let at = 0; at < cells.texts.length; at++) {
          [cells.texts[at], cells.styles[at]] = [shown.texts[at], shown.styles[at]];
        }
      }
      drawRandomly(cells, random, frame % 2 === 0 ? 20 : 2);
      terminal.write(redraw(shown, cells, true));
      const anew = new Emulator(columns, rows);
      anew.write(redraw(undefined, cells, true));
      assertEquals(terminal.cells, anew.cells, `turn ${turn}, frame ${frame}`);
      const lines = terminal.cells.map((row) =>
        row.map((cell) => cell.slice(cell.indexOf(":") + 1)).join("").trimEnd()
      );
      assertEquals(lines, Array.from({ length: rows }, (_, row) => cells.line(row)));
      shown = cells;
    }
  }
});

Deno.test("redraw: nothing for what is the same, and little for little", () => {
  const cells = new Cells(200, 50);
  drawRandomly(cells, randomly(3), 2000);
  const same = new Cells(200, 50);
  drawRandomly(same, randomly(3), 2000);
  assertEquals(redraw(cells, same, true), "");
  same.area.text(10, 10, "new");
  assert(redraw(cells, same, true).length < 40);
  assert(/38;5;\d+m/.test(redraw(undefined, same, true)));
  assert(!/38;5;\d+m/.test(redraw(undefined, same, false)), "no colours where none are shown");
});

terminalTest("redraw: tmux shows the cells that were meant", async () => {
  const [columns, rows] = [60, 12];
  const folder = await Deno.makeTempDir();
  const random = randomly(11);
  let shown: Cells | undefined;
  let text = "\x1b[?25l";
  for (let frame = 0; frame < 12; frame++) {
    const cells = new Cells(columns, rows);
    drawRandomly(cells, random, 30);
    text += redraw(shown, cells, true);
    shown = cells;
  }
  await Deno.writeTextFile(`${folder}/frames`, text);
  await using terminal = await Terminal.start(`cat '${folder}/frames'; sleep 100`, { cwd: folder, columns, rows });
  const wanted = Array.from({ length: rows }, (_, row) => shown!.line(row)).join("\n").trimEnd();
  await terminal.waitForScreen("the last frame", (screen) => screen === wanted);
  await Deno.remove(folder, { recursive: true });
});
