import { printDiff } from "../../../lib/commands/look/diff/print.ts";
import type { Json } from "../../../lib/base/json.ts";
import { rowOf } from "../../../lib/compare/diff/rows.ts";
import { assertEquals } from "../../assert.ts";
import { keptOutputs } from "../../terminal/sink.ts";

const SUBJECT = { run: undefined, isRun: false, patch: undefined, facts: {} as never };
const SUBJECTS = [{ ...SUBJECT, experiment: "a1" }, { ...SUBJECT, experiment: "b2" }];

function printed(key: string, values: readonly Json[], all = false): string {
  const outputs = keptOutputs({ isTerminal: false });
  printDiff(outputs.stdout, { subjects: SUBJECTS, rows: [rowOf("experiment", key, values)] }, { all, patch: false });
  return outputs.take();
}

Deno.test("dbx diff: times that are printed alike are no difference", () => {
  assertEquals(printed("duration", [1234, 1235]), "no differences\n");
  assertEquals(printed("created", ["2026-01-31T12:00:01.000Z", "2026-01-31T12:00:59.000Z"]), "no differences\n");
  assertEquals(printed("duration", [1234, 1235], true).includes("1.2s"), true);
  assertEquals(printed("duration", [1234, 2235]).includes("2.2s"), true);
});
