import { LogWriter } from "../../../lib/logger/log/log_writer.ts";
import { LogReader } from "../../../lib/repo/logs/log_reader.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random, testSeed } from "../../format/random.ts";

const seeded = new Random(testSeed());

const LOGS = 5;

/** Starts a process that writes 5 logs and kills it at a random moment. */
async function killOnce(folder: string, durability: string): Promise<void> {
  await Deno.mkdir(folder);
  const script = decodeURIComponent(new URL("./kill_writer.ts", import.meta.url).pathname);
  const args = ["run", "-A", "--no-config", "--quiet", "--no-check", script, folder, durability, String(LOGS)];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stdin: "null" }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, seeded.next() * 120));
  child.kill("SIGKILL");
  await reader.cancel();
  await child.status;
}

/** Only the last line may be torn, nothing is missing in between; returns how many events there are. */
async function verify(folder: string, name: string): Promise<number> {
  const log = new LogReader(new LocalStore(folder), "x", name);
  const problems: string[] = [];
  const events = await Array.fromAsync(log.read({ onProblem: (problem) => problems.push(problem.message) }));
  assertEquals(problems, []);
  events.forEach((event, at) => assertEquals(event.data.i, at));
  return events.length;
}

for (const durability of ["os", "event", "disk"] as const) {
  for (const [kills, slow] of [[4, ""], [70, " [slow]"]] as const) {
    Deno.test(`LogWriter: ${durability}, killed ${kills} times, keeps whole lines only, and goes on after it [F35, F36]${slow}`, async () => {
      await using folder = await scratch();
      let kept = 0;
      for (let round = 0; round < kills / 2; round++) {
        const folders = [0, 1].map((lane) => `${folder.path}/${round}-${lane}`);
        await Promise.all(folders.map((one) => killOnce(one, durability)));
        for (const one of folders) {
          await Deno.mkdir(`${one}/x`);
          for (let at = 0; at < LOGS; at++) {
            await Deno.rename(`${one}/${at}.log.jsonl`, `${one}/x/${at}.log.jsonl`);
            const count = await verify(one, String(at));
            const acknowledged = Number(new BigUint64Array((await Deno.readFile(`${one}/${at}.ack`)).buffer)[0] ?? 0n);
            if (durability !== "os") {
              assert(count >= acknowledged, `${count} events of ${acknowledged} acknowledged ones`);
            }
            kept += count;
            // A torn end as of a machine that stopped, and a writer that comes after it.
            const path = `${one}/x/${at}.log.jsonl`;
            await Deno.writeTextFile(path, '{"event":"to', { append: true });
            const writer = LogWriter.open(path);
            writer.write("train/epoch/again", { i: count });
            assertEquals((await writer.close()).lost, 0);
            assertEquals(await verify(one, String(at)), count + 1);
          }
          await Deno.remove(one, { recursive: true });
        }
      }
      assert(kept > 0);
    });
  }
}
