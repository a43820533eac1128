import { closingSeal, parseSeal, sealedFile } from "../../../lib/format/events/seal.ts";
import type { JsonObject } from "../../../lib/base/json.ts";
import { assertEquals } from "../../assert.ts";

const HASH = "ab".repeat(32);

Deno.test("parseSeal: logs and definitions; anything else is not a seal", { permissions: "none" }, () => {
  const log = { log: "stdout", size: 5, sha256: HASH };
  assertEquals(parseSeal(log), log);
  assertEquals(parseSeal({ definition: "run", size: 0, sha256: HASH }), { definition: "run", size: 0, sha256: HASH });
  for (
    const data of [
      {},
      { ...log, size: -1 },
      { ...log, size: 1.5 },
      { ...log, sha256: HASH.toUpperCase() },
      { ...log, log: "" },
      { ...log, log: "../log" },
      { ...log, log: 1 },
      { ...log, definition: "run" },
      { definition: "other", size: 1, sha256: HASH },
    ] as JsonObject[]
  ) assertEquals(parseSeal(data), undefined, JSON.stringify(data));
});

Deno.test("sealedFile: the file that a seal is of", { permissions: "none" }, () => {
  const of = { size: 1, sha256: HASH };
  const run = "vision/0resnet0exp01/runs/0resnet0run01";
  assertEquals(sealedFile(run, { log: "log", ...of }), `${run}/log.jsonl`);
  assertEquals(sealedFile(run, { log: "stdout", ...of }), `${run}/stdout.log.jsonl`);
  assertEquals(sealedFile(run, { definition: "run", ...of }), `${run}/meta.json`);
  assertEquals(sealedFile(run, { definition: "experiment", ...of }), "vision/0resnet0exp01/meta.json");
});

Deno.test("closingSeal: the hash at the end of a line, and what it covers", { permissions: "none" }, () => {
  const line = `{"event":"dbx/end","ts":1,"status":"finished","sha256":"${HASH}"}`;
  assertEquals(closingSeal(line), { head: `{"event":"dbx/end","ts":1,"status":"finished"`, sha256: HASH });
  assertEquals(closingSeal(line.replace("ab", "xb")), undefined);
  assertEquals(closingSeal(line.replace("sha256", "sha356")), undefined);
});
