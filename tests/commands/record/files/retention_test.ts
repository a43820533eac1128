import { keepChoice } from "../../../../lib/commands/record/files/keep_options.ts";
import { placeOfGlob } from "../../../../lib/commands/record/files/glob_place.ts";
import { foldersOfGlobs } from "../../../../lib/commands/record/files/glob_folders.ts";
import { beyond, groupOf, unwanted, type Value } from "../../../../lib/commands/record/files/retention.ts";
import { UsageError } from "../../../../lib/base/errors.ts";
import { assertEquals, assertThrows } from "../../../assert.ts";

const MINUTE = 60_000;

/** Files, each a minute after the one before. */
function written(...names: string[]): { name: string; at: number }[] {
  return names.map((name, index) => ({ name, at: index * MINUTE }));
}

function goneOf(
  versions: readonly { name: string; at: number }[],
  options: { last?: number; best?: string[] },
  values: readonly Value[] = [],
): string[] {
  const choice = keepChoice({ keep: ["*"], "keep-last": options.last, "keep-best": options.best ?? [] });
  return unwanted(versions, choice, () => values).map(({ name }) => name);
}

const EPOCHS = written("e-0.pt", "e-1.pt", "e-2.pt", "e-3.pt");
const valuesOf = (values: number[], late = 1000): Value[] =>
  values.map((value, step) => ({ step, at: step * MINUTE + late, value }));

Deno.test("unwanted: nothing without a retention; the last ones of names that differ in numbers", {
  permissions: "none",
}, () => {
  assertEquals(goneOf(EPOCHS, {}), []);
  assertEquals(goneOf(EPOCHS, { last: 2 }), ["e-0.pt", "e-1.pt"]);
  const mixed = written("e-0.pt", "best.pt", "e-1.pt", "last.pt", "e-2.pt", "last.pt");
  assertEquals(goneOf(mixed, { last: 1 }), ["e-0.pt", "e-1.pt", "last.pt"]);
  assertEquals(groupOf("checkpoint-500/shard-00001-of-2.bin"), groupOf("checkpoint-1000/shard-00002-of-2.bin"));
});

Deno.test("unwanted: time tells the order, not how files were found; where it does not, the numbers in the names", {
  permissions: "none",
}, () => {
  const numbers = [10, 2, 7, 0, 9, 3, 11, 1, 8, 5, 6, 4];
  const together = numbers.map((number) => ({ name: `ckpt/m${number}.pt`, at: 5 }));
  const keptOf = (versions: typeof together, options: Parameters<typeof goneOf>[1], values?: readonly Value[]) => {
    const gone = goneOf(versions, options, values);
    return versions.map(({ name }) => name).filter((name) => !gone.includes(name)).sort();
  };
  assertEquals(keptOf(together, { last: 2 }), ["ckpt/m10.pt", "ckpt/m11.pt"]);
  const values = numbers.map((step) => ({ step, at: 5, value: step === 8 ? 0.1 : 0.5 }));
  assertEquals(keptOf(together, { best: ["loss:1"] }, values), ["ckpt/m11.pt", "ckpt/m8.pt"]);
  assertEquals(keptOf(together, { best: ["loss:2"] }, values), ["ckpt/m11.pt", "ckpt/m8.pt"]);
  // A counter may begin anew.
  assertEquals(keptOf([{ name: "e-1.pt", at: 9 }, { name: "e-8.pt", at: 4 }], { last: 1 }), ["e-1.pt"]);
  // The epoch counts more than what stands before it.
  const scores = ["loss=0.9-epoch=1.pt", "loss=0.5-epoch=2.pt", "loss=0.7-epoch=10.pt"].map((name) => ({
    name,
    at: 5,
  }));
  assertEquals(keptOf(scores, { last: 1 }), ["loss=0.7-epoch=10.pt"]);
  const shards = [2, 1, 3].map((shard) => ({ name: `checkpoint-5/shard-${shard}-of-3.bin`, at: 5 }));
  assertEquals(keptOf(shards, { last: 1 }), ["checkpoint-5/shard-3-of-3.bin"]);
});

Deno.test("unwanted: the best by a series, the last, and what has no value stay", { permissions: "none" }, () => {
  assertEquals(goneOf(EPOCHS, { best: ["loss:1"] }, valuesOf([0.4, 0.1, 0.3, 0.2])), ["e-0.pt", "e-2.pt"]);
  assertEquals(goneOf(EPOCHS, { best: ["loss:1:max"] }, valuesOf([0.4, 0.1, 0.3, 0.2])), ["e-1.pt", "e-2.pt"]);
  assertEquals(goneOf(EPOCHS, { best: ["acc:1"] }, valuesOf([0.4, 0.1, 0.3, 0.2])), ["e-1.pt", "e-2.pt"]);
  assertEquals(goneOf(EPOCHS, { best: ["loss:1"], last: 2 }, valuesOf([0.4, 0.1, 0.3, 0.2])), ["e-0.pt"]);
  assertEquals(goneOf(EPOCHS, { best: ["loss:2"] }, valuesOf([NaN, 0.1, 0.3, 0.2])), ["e-0.pt"].concat("e-2.pt"));
  assertEquals(goneOf(EPOCHS, { best: ["loss:1"] }, []), []);
});

Deno.test("unwanted: a value is that of the step in the name, else the nearest in time, whichever comes first", {
  permissions: "none",
}, () => {
  const values = [0.4, 0.1, 0.3, 0.2];
  // Logged before and after the file, by the step.
  for (const late of [-2000, 2000, 65_000]) {
    assertEquals(goneOf(EPOCHS, { best: ["loss:1"] }, valuesOf(values, late)), ["e-0.pt", "e-2.pt"], String(late));
  }
  // Names of steps that the series does not have: by time.
  const steps = written(
    "checkpoint-500/m.bin",
    "checkpoint-1000/m.bin",
    "checkpoint-1500/m.bin",
    "checkpoint-2000/m.bin",
  );
  assertEquals(goneOf(steps, { best: ["loss:1"] }, valuesOf(values)), [
    "checkpoint-500/m.bin",
    "checkpoint-1500/m.bin",
  ]);
  // The same number of something else, logged long before, counts for nothing.
  const other = [
    { step: 1, at: -9 * MINUTE, value: -5 },
    ...valuesOf(values).map((value) => ({ ...value, step: undefined })),
  ];
  assertEquals(goneOf(EPOCHS, { best: ["loss:1"] }, other), ["e-0.pt", "e-2.pt"]);
  const lightning = written(...[0, 1, 2, 3].map((epoch) => `epoch=${epoch}-step=${(epoch + 1) * 100}.ckpt`));
  assertEquals(goneOf(lightning, { best: ["loss:1"] }, valuesOf(values, 59_000)).length, 2);
});

Deno.test("unwanted: while a run goes on, a version that is newer than all values waits for its own", {
  permissions: "none",
}, () => {
  const choice = keepChoice({ keep: ["*"], "keep-best": ["loss:1"] });
  const namesOf = (values: readonly Value[], isOver: boolean) =>
    unwanted(EPOCHS, choice, () => values, isOver).map(({ name }) => name);
  const early = valuesOf([0.4, 0.5]);
  // The best one may be the third, whose value is not there yet.
  assertEquals(namesOf(early, false), ["e-1.pt"]);
  assertEquals(namesOf(early, true), ["e-1.pt", "e-2.pt"]);
  assertEquals(namesOf(valuesOf([0.4, 0.5, 0.1]), false), ["e-0.pt", "e-1.pt"]);
});

Deno.test("keepChoice: which values are better is said by the name, or has to be said", { permissions: "none" }, () => {
  const choose = (best: string) => keepChoice({ keep: ["*"], "keep-best": [best] }).best[0].better;
  for (const name of ["val_loss", "train/epoch/*:val_loss", "wer", "mse"]) {
    assertEquals(choose(`${name}:2`), "min", name);
  }
  for (const name of ["val_acc", "mAP", "eval/reward", "f1"]) assertEquals(choose(`${name}:2`), "max", name);
  assertThrows(() => choose("thing:2"), UsageError, "write --keep-best thing:2:min");
  assertThrows(() => choose("accuracy_loss:2"), UsageError, "Cannot tell");
  assertEquals(choose("thing:2:max"), "max");
});

Deno.test("placeOfGlob: folders, depth and names", { permissions: "none" }, () => {
  const at = (glob: string) => {
    const { folder, depth } = placeOfGlob(glob, "/work/p");
    return [folder, depth];
  };
  assertEquals(at("ckpt/*.pt"), ["/work/p/ckpt", 1]);
  assertEquals(at("ckpt/best.pt"), ["/work/p/ckpt", 1]);
  assertEquals(at("./logs/*/ckpt/*.pt"), ["/work/p/logs", 3]);
  assertEquals(at("/scratch/**/x.pt"), ["/scratch", 32]);
  const place = placeOfGlob("logs/**/*.ckpt", "/work/p");
  assertEquals(place.matches("/work/p/logs/v1/ckpt/a.ckpt"), true);
  assertEquals(place.matches("/work/p/logs/a.ckpt"), true);
  assertEquals(place.matches("/work/p/logs/a.pt"), false);
  assertEquals(place.matches("/work/p/other/a.ckpt"), false);
  assertEquals(place.nameOf("/work/p/logs/a.ckpt"), "logs/a.ckpt");
  assertEquals(placeOfGlob("../x/*.pt", "/work/p").nameOf("/work/x/a.pt"), "work/x/a.pt");
  assertEquals(foldersOfGlobs(["a/*", "../x/*.pt", "/scratch/*"], "/work/p"), ["/work/x", "/scratch"]);
});

Deno.test("beyond: a step far behind the end of the series, where other names say its steps", {
  permissions: "none",
}, () => {
  const namesOf = (names: string[], values: readonly Value[]) =>
    beyond(written(...names), values).map(({ name }) => name);
  const each = valuesOf(Array(10).fill(0.5));
  assertEquals(namesOf(["e-8.pt", "e-10.pt", "e-291.pt", "last.pt"], each), ["e-291.pt"]);
  // Every hundred steps a value; the last file comes before the next one.
  const rare = valuesOf([1, 2, 3]).map((value) => ({ ...value, step: value.step! * 100 }));
  assertEquals(namesOf(["s-100.pt", "s-250.pt", "s-300.pt"], rare), []);
  assertEquals(namesOf(["s-100.pt", "s-301.pt"], rare), ["s-301.pt"]);
  // The names count something else than the series, or it has no steps.
  assertEquals(namesOf(["s-5000.pt", "s-6000.pt"], each), []);
  assertEquals(namesOf(["e-8.pt"], [{ step: undefined, at: 0, value: 1 }]), []);
  assertEquals(namesOf(["epoch=3-step=500.pt"], each), []);
});
