// What FORMAT.md shows must be true: its blocks are read, and its Python is run where there is a Python.
import { parseExperiment, parseRepositoryConfig } from "../../lib/format/definitions/definition.ts";
import { formatDeviation } from "../../lib/format/events/format_deviation.ts";
import { parseEvent } from "../../lib/format/events/parse_event.ts";
import { readTime } from "../../lib/format/json/fields.ts";
import { seriesOf } from "../../lib/format/events/series_key.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { openReader } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../assert.ts";

const SPEC = new URL("../../lib/docs/FORMAT.md", import.meta.url);

function blocks(language: string): string[] {
  const spec = Deno.readTextFileSync(SPEC);
  return [...spec.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter((match) => match[1] === language).map((match) =>
    match[2]
  );
}

Deno.test({
  name: "FORMAT.md: its examples are what they are called",
  permissions: { read: [SPEC] },
  fn() {
    const [marker, experiment, line] = blocks("json");
    assertEquals(parseRepositoryConfig(marker).id, "0golden0repo1");
    assertEquals(parseExperiment(experiment, { path: "" }).extra, { dataset: "cifar10" });
    assertEquals(formatDeviation(line), undefined);
    assertEquals(parseEvent(line).ts, 1767258004000);
    const points = seriesOf(parseEvent('{"event":"train/epoch/3","ts":1,"loss":0.5,"grad":{"norm":2}}'));
    assertEquals(points.map(({ key, step, value }) => [key, step, value]), [
      ["train/epoch/*:loss", 3, 0.5],
      ["train/epoch/*:grad.norm", 3, 2],
    ]);
  },
});

Deno.test({
  name: "FORMAT.md: its times are times, and what is none is none [F21]",
  permissions: { read: [SPEC] },
  fn() {
    const table = /\n\| A time [^\n]*\n\|[ |-]+\n((?:\|.*\n)+)/.exec(Deno.readTextFileSync(SPEC));
    const rows = table![1].trim().split("\n").map((row) => row.split("|").map((cell) => cell.trim()));
    const valueOf = (cell: string) => JSON.parse(cell.replaceAll("`", ""));
    for (const [, time, is, none] of rows) {
      assertEquals(new Date(readTime(valueOf(time)) ?? NaN).toISOString(), is);
      assertEquals(readTime(valueOf(none)), undefined, none);
    }
  },
});

Deno.test("FORMAT.md: the sections that it and others refer to are there", async () => {
  const read = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
  const own = await read("lib/docs/FORMAT.md");
  const sections = new Set(Array.from(own.matchAll(/^#+ (.*)$/gm), ([, title]) => title.replaceAll("`", "")));
  const named = Array.from(own.matchAll(/\bsee\s+"([^"]+)"/g), ([, title]) => title);
  for (const path of ["README.md", "lib/docs/SYNC.md", "lib/docs/API.md", "lib/docs/SECURITY.md"]) {
    for (const [, title] of (await read(path)).matchAll(/"([^"]+)"\s+in\s+(?:`|\[)?FORMAT\.md/g)) named.push(title);
  }
  assert(named.length > 15, "the pattern finds none");
  assertEquals(named.map((title) => title.replace(/\s+/g, " ")).filter((title) => !sections.has(title)), []);
});

const python = await hasPython();

Deno.test({
  name: "FORMAT.md: its Python makes a repository of which a check says nothing",
  ignore: !python,
  async fn() {
    const cwd = await Deno.makeTempDir();
    try {
      // A second time it adds to the repository of the first.
      for (const count of [1, 2]) {
        const { success } = await new Deno.Command("python3", { args: ["-c", blocks("python")[0]], cwd }).output();
        assert(success);
        const repository = await openReader(new LocalStore(`${cwd}/output`));
        assertEquals(await Array.fromAsync(checkRepository(repository)), []);
        const experiments = await Array.fromAsync(repository.experiments());
        assertEquals(experiments.length, count);
        for (const experiment of experiments) {
          assertEquals([experiment.kind, experiment.name, experiment.params], ["demo", "", { lr: 0.1 }]);
          const [run] = await experiment.runs();
          const [event] = await Array.fromAsync(run.log("log").read());
          assertEquals([event.event, event.data], ["loss", { value: 0.5 }]);
        }
      }
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  },
});

async function hasPython(): Promise<boolean> {
  try {
    return (await new Deno.Command("python3", { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
