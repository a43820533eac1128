import { UsageError } from "../../lib/base/errors.ts";
import { parse } from "../../lib/cli/parse.ts";
import { command as run } from "../../lib/commands/record/run.ts";
import { LineSplitter } from "../../lib/printed/line_splitter.ts";
import { Redactor } from "../../lib/redact/redactor.ts";
import { parseGpus } from "../../lib/commands/record/system_sampler.ts";
import { age, duration } from "../../lib/terminal/values.ts";
import { assertEquals, assertThrows } from "../assert.ts";

const none = { permissions: "none" } as const;

Deno.test("parse: options in every form, and what is wrong with the others", none, () => {
  const parsed = parse(run, [
    "-k",
    "x",
    "--tag=a",
    "-tb",
    "--no-git",
    "--grace",
    "2.5",
    "-q",
    "--",
    "cmd",
    "--lr",
    "1",
  ]);
  const { kind, tag, git, grace, quiet, jsonl, name, note, "python-hook": hook } = parsed.options;
  assertEquals({ kind, tag, git, grace, quiet }, { kind: "x", tag: ["a", "b"], git: false, grace: 2.5, quiet: true });
  // What is not given: a flag is off, unless it is on by default; a list is empty.
  assertEquals({ jsonl, name, note, hook }, { jsonl: false, name: undefined, note: [], hook: true });
  assertEquals(parsed.rest, ["cmd", "--lr", "1"]);
  for (
    const bad of [["--nmae", "x"], ["--name"], ["--grace", "soon"], ["--quiet=1"], ["-z"], ["stray"]]
  ) {
    assertThrows(() => parse(run, bad), UsageError);
  }
});

Deno.test("LineSplitter: cuts anywhere give the same lines", none, () => {
  const text = "one\r\ntwo ü 🚀\n10%\r50%\r100%\n\x1b[31mred\x1b[0m\n\nlast";
  const bytes = new TextEncoder().encode(text);
  const expected = ["one", "two ü 🚀", "100%", "red", "", "last"];
  for (let cut = 0; cut <= bytes.length; cut++) {
    const splitter = new LineSplitter(new Redactor());
    assertEquals(
      [...splitter.push(bytes.slice(0, cut)), ...splitter.push(bytes.slice(cut)), ...splitter.end()],
      expected,
      `cut at ${cut}`,
    );
  }
  const bar = new LineSplitter(new Redactor());
  for (let i = 0; i < 20_000; i++) assertEquals(bar.push(new TextEncoder().encode(`\r${i}/20000`)), []);
  assertEquals(bar.end(), ["19999/20000"]);
});

Deno.test("parseGpus: rows of nvidia-smi, without what it does not know", none, () => {
  assertEquals(parseGpus("0, 35, 1024, 81559, 40, 98.31\n1, [N/A], 3, 81559, 38, [N/A]\n"), [
    { index: 0, utilization: 35, memory_used_mib: 1024, memory_total_mib: 81559, temperature_c: 40, power_w: 98.31 },
    { index: 1, memory_used_mib: 3, memory_total_mib: 81559, temperature_c: 38 },
  ]);
});

Deno.test("duration, age: what people read", none, () => {
  assertEquals([400, 12_300, 190_000, 7_500_000, 4 * 86_400_000].map(duration), [
    "0.4s",
    "12s",
    "3m10s",
    "2h05m",
    "4d",
  ]);
  assertEquals([age(0, 30_000), age(0, 190_000)], ["30s", "3m"]);
});
