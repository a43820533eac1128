import { parseBaseline } from "../../../lib/compare/assertion/baseline.ts";
import { openRepository } from "../../../mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { dbx, scratch, spawn } from "../../e2e/dbx.ts";

Deno.test("dbx assert --write-baseline: killed at any moment, the file is the old one or the new one [slow]", async () => {
  await using folder = await scratch();
  const repo = await openRepository(`${folder.path}/output`);
  for (const [kind, loss] of [["old", 1], ["new", 2]] as const) {
    await using run = await (await repo.experiment({ kind })).run({ git: false, env: false });
    run.log("e", { loss });
  }
  const path = `${folder.path}/baseline.json`;
  const words = (kind: string) => ["assert", "last:loss < 10", "--kind", kind, "--write-baseline", path];
  const start = { cwd: folder.path };
  const begun = performance.now();
  assertEquals((await dbx(words("old"), start)).code, 0);
  const whole = performance.now() - begun;
  // A leftover of an earlier kill is in nobody's way.
  await Deno.writeTextFile(`${path}.dbx-new`, "{");
  const means = new Set<number>();
  for (let at = 1; at <= 6; at++) {
    const child = spawn(words("new"), start);
    await new Promise((resolve) => setTimeout(resolve, whole * (0.5 + at / 12)));
    try {
      child.kill("SIGKILL");
    } catch {
      // It was done by then.
    }
    await Promise.all([child.stdin.close(), child.stdout.cancel(), child.stderr.cancel(), child.status]);
    means.add(parseBaseline(await Deno.readTextFile(path), path).values.get("last:loss")!.mean);
  }
  assert([...means].every((mean) => mean === 1 || mean === 2), `${[...means]}`);
  assertEquals((await dbx(words("new"), start)).code, 0);
  assertEquals(parseBaseline(await Deno.readTextFile(path), path).values.get("last:loss")!.mean, 2);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), ["baseline.json", "output"]);
});
