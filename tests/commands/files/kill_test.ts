// dbx put and dbx get, killed at random moments.
import { checkRepository } from "../../../lib/repo/check/check.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { assert, assertEquals } from "../../assert.ts";
import { dbx, scratch, spawn } from "../../e2e/dbx.ts";
import { Random, testSeed } from "../../format/random.ts";

const SIZE = 24 * 1024 * 1024;

Deno.test("put and get: killed at random moments, a file is there whole or not at all, and the next time it is [slow]", async () => {
  const random = new Random(testSeed());
  await using folder = await scratch();
  const cwd = folder.path;
  const [made] = (await dbx(["log", "--kind", "k", "e", "x=1"], { cwd })).stdout.split("/");
  const data = Uint8Array.from({ length: SIZE }, (_, at) => at * 2654435761 >> 13);
  let gets = 0;
  for (let round = 0; round < 8; round++) {
    data[0] = round;
    await Deno.writeFile(`${cwd}/big.bin`, data);
    const words = round % 2 === 0 ? ["put", made, "big.bin"] : ["get", `${made}:big.bin`, "-o", "out", "--force"];
    const started = performance.now();
    const child = spawn(words, { cwd });
    const timer = setTimeout(() => child.kill("SIGKILL"), 150 + random.below(1200));
    const { success } = await child.output();
    clearTimeout(timer);
    const where = `round ${round}, after ${Math.round(performance.now() - started)} ms`;
    const found = await Array.fromAsync(checkRepository(await openReader(`${cwd}/output`), { readData: true }));
    assert(found.every(({ kind }) => kind === "temporary"), `${where}: ${JSON.stringify(found)}`);
    if (round % 2 === 0) {
      if (!success) assertEquals((await dbx(words, { cwd })).code, 0, where);
      assertEquals((await dbx(["cat", `${made}:big.bin`, "--bytes", "0-0"], { cwd })).bytes[0], round, where);
      continue;
    }
    const there = await Deno.readFile(`${cwd}/out/big.bin`).catch(() => undefined);
    if (there !== undefined) assert(there.length === SIZE && there[0] <= round, where);
    const again = await dbx(words, { cwd });
    assertEquals(again.code, 0, `${where}: ${again.stderr}`);
    assertEquals((await Deno.readFile(`${cwd}/out/big.bin`))[0], round - 1, where);
    assertEquals((await Array.fromAsync(Deno.readDir(`${cwd}/out`))).length, 1, where);
    gets++;
  }
  assertEquals(gets, 4);
});
