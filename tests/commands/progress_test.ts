import { progressBar } from "../../lib/commands/progress.ts";
import { assert, assertEquals } from "../assert.ts";

/** An output that keeps what is written, and can get another size. */
function sink(isTerminal: boolean) {
  const written: string[] = [];
  const out = {
    isTerminal,
    columns: 80,
    colour: false,
    write: (text: string | Uint8Array) => void written.push(`${text}`),
  };
  return { out, written };
}

Deno.test("progressBar: nothing for quick work, a bar after a while, gone at the end", { permissions: "none" }, () => {
  let now = 0;
  const { out, written } = sink(true);
  const bar = progressBar(out, "reading logs", () => now);
  bar(1, 4);
  assertEquals(written, []);
  now = 400;
  bar(1, 4);
  bar(2, 4); // Too soon after the last.
  assertEquals(written, ["\r\x1b[Kreading logs ██████░░░░░░░░░░░░░░░░░░ 25%  1 B of 4 B, 2 s left"]);
  now = 600;
  bar(4, 4);
  assertEquals(written.slice(1), ["\r\x1b[K"]);
});

Deno.test("progressBar: nothing in a pipe", { permissions: "none" }, () => {
  let now = 0;
  const { out, written } = sink(false);
  const bar = progressBar(out, "reading logs", () => now);
  now = 1000;
  bar(1, 4);
  bar(4, 4);
  assertEquals(written, []);
});

Deno.test("progressBar: fits every width, also one that changes", { permissions: "none" }, () => {
  let now = 0;
  const { out, written } = sink(true);
  const bar = progressBar(out, "sending", () => now);
  for (const columns of [200, 80, 60, 50, 40, 20, 5, 1]) {
    now += 500;
    out.columns = columns;
    bar(1e9, 3e9, "100 MiB/s");
    const line = written.at(-1)!.replace("\r\x1b[K", "");
    assert([...line].length < columns || line === "", `${columns}: ${line}`);
    if (columns >= 80) assert(line.includes("█") && line.endsWith(" s left"), line);
    if (columns === 40) assert(line.startsWith("sending 33%"), line);
  }
});
