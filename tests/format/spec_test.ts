// What FORMAT.md shows must be true: its blocks are read, and its Python is run where there is a Python.
import { parseExperiment, parseMarker, parseRun } from "../../lib/format/definition.ts";
import { irregularity, parseEvent } from "../../lib/format/event.ts";
import { seriesOf } from "../../lib/format/series.ts";
import { assert, assertEquals } from "../assert.ts";

const SPEC = new URL("../../lib/format/FORMAT.md", import.meta.url);

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
    assertEquals(parseMarker(marker).id, "0golden0repo1");
    assertEquals(parseExperiment(experiment, { path: "" }).extra, { dataset: "cifar10" });
    assertEquals(irregularity(line), undefined);
    assertEquals(parseEvent(line).ts, 1767258004000);
    const points = seriesOf(parseEvent('{"event":"train/epoch/3","ts":1,"loss":0.5,"grad":{"norm":2}}'));
    assertEquals(points.map(({ key, step, value }) => [key, step, value]), [
      ["train/epoch/*:loss", 3, 0.5],
      ["train/epoch/*:grad.norm", 3, 2],
    ]);
  },
});

const python = await hasPython();

Deno.test({
  name: "FORMAT.md: its Python makes an experiment",
  ignore: !python,
  async fn() {
    const cwd = await Deno.makeTempDir();
    try {
      const { success } = await new Deno.Command("python3", { args: ["-c", blocks("python")[0]], cwd }).output();
      assert(success);
      const [exp] = [...Deno.readDirSync(`${cwd}/output`)];
      const [run] = [...Deno.readDirSync(`${cwd}/output/${exp.name}/runs`)];
      const read = (path: string) => Deno.readTextFileSync(`${cwd}/output/${exp.name}/${path}`);
      assertEquals(parseExperiment(read("meta.json"), { path: "" }).id, exp.name);
      assertEquals(parseRun(read(`runs/${run.name}/meta.json`), { path: "" }).id, run.name);
      const line = read(`runs/${run.name}/log.jsonl`);
      assertEquals(irregularity(line), undefined);
      assertEquals(parseEvent(line).data, { value: 0.5 });
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
