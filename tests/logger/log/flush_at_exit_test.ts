import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const writer = new URL("../../../lib/logger/log/log_writer.ts", import.meta.url).href;

/** A script that logs more than is handed over at once, and then ends in some way. Its clock stands still. */
const script = (ending: string, durability = "os") => `
  import { LogWriter } from ${JSON.stringify(writer)};
  const log = LogWriter.open(Deno.env.get("LOG"), { durability: ${JSON.stringify(durability)}, now: () => 1 });
  for (let i = 0; i < 100; i++) log.write("e", { v: i });
  ${ending}
`;

async function kept(folder: string, source: string): Promise<{ events: number; code: number }> {
  await Deno.writeTextFile(`${folder}/script.ts`, source);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-config", "--no-check", `${folder}/script.ts`],
    env: { LOG: `${folder}/log.jsonl` },
    stdin: "null",
    stderr: "null",
  });
  const { code } = await command.output();
  return { events: (await Deno.readTextFile(`${folder}/log.jsonl`)).split("\n").length - 1, code };
}

Deno.test("LogWriter: a script that does not close its log loses nothing, however it ends by itself", async () => {
  const endings: readonly (readonly [string, number])[] = [
    ["", 0],
    [`throw new Error("x");`, 1],
    [`setTimeout(() => { throw new Error("x"); });`, 1],
    [`void Promise.reject(new Error("x"));`, 1],
    [`Deno.exit(4);`, 4],
    [`(await import("node:process")).exit(5);`, 5],
  ];
  for (const [ending, code] of endings) {
    await using folder = await scratch();
    assertEquals(await kept(folder.path, script(ending)), { events: 100, code }, ending);
  }
});

Deno.test("LogWriter: a worker that is closed or terminated loses nothing, since nothing waits there", async () => {
  for (const ending of ["self.close();", "self.postMessage(1);"]) {
    await using folder = await scratch();
    const source = script(ending, "event").replace(` durability: "event",`, "");
    await Deno.writeTextFile(`${folder.path}/worker.ts`, source);
    const main = `
      const worker = new Worker(import.meta.resolve("./worker.ts"), { type: "module" });
      worker.onmessage = () => worker.terminate();
    `;
    assertEquals(await kept(folder.path, main), { events: 100, code: 0 }, ending);
  }
});

Deno.test("flushAtExit: one listener for all, and none when all are closed", async () => {
  await using folder = await scratch();
  const source = `
    const count = { added: 0, removed: 0 };
    const [add, remove] = [globalThis.addEventListener, globalThis.removeEventListener];
    globalThis.addEventListener = (...args) => (count.added++, add(...args));
    globalThis.removeEventListener = (...args) => (count.removed++, remove(...args));
    const { LogWriter } = await import(${JSON.stringify(writer)});
    const logs = [1, 2, 3].map((at) => LogWriter.open(Deno.env.get("LOG") + at));
    const open = count.added;
    for (const log of logs) await log.close();
    await Deno.writeTextFile(Deno.env.get("LOG"), "");
    Deno.exit(open > 0 && open < 6 && count.added === open && count.removed === open ? 7 : 1);
  `;
  assertEquals((await kept(folder.path, source)).code, 7);
});
