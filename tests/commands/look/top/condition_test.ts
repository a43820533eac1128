import { assert, assertEquals } from "../../../assert.ts";
import { Completer } from "../../../../lib/commands/look/top/complete.ts";
import { conditionOf } from "../../../../lib/commands/look/top/condition.ts";
import { openRepository } from "../../../../mod.ts";
import type { ExperimentRow } from "../../../../lib/commands/look/top/model/experiments.ts";
import type { DescribedSchema } from "../../../../lib/query/describe_schema.ts";

Deno.test("conditionOf: one word is part of a name, a condition stays what it is", async () => {
  const folder = await Deno.makeTempDir();
  await using repo = await openRepository(folder);
  for (const name of ["resnet_18", "resnetx18", "vit"]) await repo.experiment({ kind: "k", name });
  const namesOf = async (text: string) =>
    (await repo.list({ where: conditionOf(text), cols: ["name"], sort: "name" })).rows.flat();
  assertEquals(await namesOf("resnet"), ["resnet_18", "resnetx18"]);
  assertEquals(await namesOf("net_1"), ["resnet_18"]);
  assertEquals(await namesOf("name = 'vit'"), ["vit"]);
  assertEquals(conditionOf(" status "), "status");
  assertEquals(conditionOf("params.lr"), "params.lr");
  await Deno.remove(folder, { recursive: true });
});

const SCHEMA = {
  tables: [{
    name: "experiments",
    dotted: [{ name: "params.lr", count: 1 }, { name: "params.weight-decay", count: 1 }],
  }],
  keys: [{ key: "loss", series: 1, points: 1 }, { key: "val.acc", series: 1, points: 1 }],
} as unknown as DescribedSchema;
const ROWS = [{ kind: "mnist", name: "a b", tags: ["good"], host: "h" }] as unknown as ExperimentRow[];

Deno.test("Completer: columns, statistics, and the values of what is compared", () => {
  const completer = new Completer([SCHEMA], () => ROWS);
  const first = (text: string) => completer.condition(text).suggestions[0];
  assertEquals(first("params.l"), "params.lr");
  assertEquals(first("lr > 1 and weight"), 'params."weight-decay"');
  assertEquals(first("min:l"), "min:loss");
  assertEquals(first("max:val"), "max:val.acc");
  assertEquals(first("status = "), '"running"');
  assertEquals(completer.condition('status = "fa'), { replaces: 3, suggestions: ['"failed"'] });
  assertEquals(first("kind = "), '"mnist"');
  assertEquals(first('tags = "'), '"good"');
  assertEquals(first("params.lr < 3 a"), "and");
  assertEquals(completer.column("-min:lo").suggestions, ["min:loss"]);
  assertEquals(completer.tag("g").suggestions, ["good"]);
  assertEquals(completer.series("acc").suggestions, ["val.acc"]);
  assert(completer.condition("").suggestions.includes("status"));
});
