import type { JsonObject } from "../../../lib/base/json.ts";
import { UsageError } from "../../../lib/base/errors.ts";
import { changedParams, checkParams } from "../../../lib/commands/record/params/changed_params.ts";
import { mergeParams, setParam } from "../../../lib/commands/record/params/merge_params.ts";
import { readParamsFile } from "../../../lib/commands/record/params/params_file.ts";
import { resumeId } from "../../../lib/commands/record/resume.ts";
import { isId } from "../../../lib/base/ids.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../../assert.ts";

const none = { permissions: "none" } as const;

Deno.test("setParam: a name with dots is a place in nested params", none, () => {
  const cases: [JsonObject, string, JsonObject][] = [
    [{ a: { b: 0, c: 2 } }, "a.b", { a: { b: 1, c: 2 } }],
    [{}, "a.b", { a: { b: 1 } }],
    [{}, "a", { a: 1 }],
    [{ "a.b": 0 }, "a.b", { "a.b": 1 }],
    [{ a: 3 }, "a.b", { a: 3, "a.b": 1 }],
    [{ a: { _dbx: "nan" } }, "a.b", { a: { _dbx: "nan" }, "a.b": 1 }],
    [{ a: [1] }, "a.0", { a: [1], "a.0": 1 }],
    [{}, "a..b", { "a..b": 1 }],
    [{}, "__proto__.x", { "__proto__.x": 1 }],
    [{}, "__proto__", {}],
  ];
  for (const [params, name, expected] of cases) {
    setParam(params, name, 1);
    assertEquals(params, expected, name);
  }
});

Deno.test("mergeParams: object by object; what is merged in wins over flags with dots", none, () => {
  const params: JsonObject = { lr: 1, "optim.lr": 2, model: { depth: 1, width: 2 } };
  mergeParams(params, { optim: { lr: 3 }, model: { depth: 4 }, seed: 5 });
  assertEquals(params, { lr: 1, optim: { lr: 3 }, model: { depth: 4, width: 2 }, seed: 5 });
});

Deno.test("checkParams: what differs is named, or kept where that is allowed", none, () => {
  const experiment = { id: "x", params: { lr: 0.1, layers: [1, 2], opt: { a: 1 }, seed: 3 } };
  assertEquals(checkParams(experiment, { lr: 0.1, layers: [1, 2], opt: { a: 1 } }, { allowed: false }), undefined);
  const given = { lr: 0.2, layers: [2, 1], opt: { a: 1, b: 2 }, fast: true };
  assertEquals(checkParams(experiment, given, { allowed: true }), given);
  assertEquals(changedParams(experiment.params, { fast: true }), [{ name: "fast", was: undefined, is: true }]);
  const error = assertThrows(() => checkParams(experiment, given, { allowed: false }), UsageError);
  assert(error.message.includes("lr is 0.2, and was 0.1") && error.message.includes("--allow-changed-params"));
});

Deno.test("readParamsFile: JSON, YAML and TOML; what is wrong is said in one line", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const read = async (name: string, text: string) => {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      return await readParamsFile(`${folder}/${name}`);
    };
    const expected = { lr: 0.001, optim: { name: "adam", betas: [0.9, 0.999] }, big: "12345678901234567890", on: true };
    assertEquals(await read("p.json", JSON.stringify(expected)), expected);
    const yaml = "lr: 1e-3\noptim: &o {name: adam, betas: [0.9, 0.999]}\nbig: 12345678901234567890\non: true\n";
    assertEquals(await read("p.yaml", yaml), expected);
    assertEquals(await read("q.yml", "a: &a {x: 1}\nb: {<<: *a, y: .nan}\nday: yes\n"), {
      a: { x: 1 },
      b: { x: 1, y: { _dbx: "nan" } },
      day: "yes",
    });
    const toml = "lr = 1e-3\non = true\nday = 2026-01-02\n[optim]\nname = 'adam'\nbetas = [0.9, 0.999]\n";
    assertEquals(await read("p.toml", toml), {
      lr: 0.001,
      on: true,
      day: "2026-01-02",
      optim: { name: "adam", betas: [0.9, 0.999] },
    });
    for (const [name, text] of [["a.yaml", "a: [1"], ["a.toml", "a = "], ["a.json", "{"], ["b.yaml", "- 1"]]) {
      const error = await assertRejects(() => read(name, text), UsageError);
      assert(!error.message.includes("\n"), error.message);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("resumeId: one id for a name in a repository", none, async () => {
  const id = resumeId("abc", "job 7");
  assert(isId(id), id);
  assertEquals(resumeId("abc", "job 7"), id);
  assert(resumeId("abd", "job 7") !== id && await resumeId("abc", "job 8") !== id);
});
