// The logger against the plainest loop that writes the same lines: JSON.stringify into a buffer of 64 KiB.
import { type Durability, LogWriter } from "../../lib/logger/log/log_writer.ts";
import { machine, median } from "./tools.ts";

const EVENTS = 500_000;
const ROUNDS = 7;
const folder = await Deno.makeTempDir();

function data(i: number): Record<string, unknown> {
  return { loss: 1 / (i + 1), acc: i / EVENTS, step: i };
}

function plain(path: string): number {
  const from = performance.now();
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const encoder = new TextEncoder();
  let buffer = "";
  const flush = () => {
    const bytes = encoder.encode(buffer);
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    buffer = "";
  };
  for (let i = 0; i < EVENTS; i++) {
    buffer += JSON.stringify({ event: "train/step", ts: Date.now(), ...data(i) }) + "\n";
    if (buffer.length >= 65536) flush();
  }
  flush();
  return EVENTS / (performance.now() - from) * 1000;
}

/** `sealed`: hashed along the way, as the logs of a run are. */
async function logger(path: string, durability: Durability, events: number, sealed = true): Promise<number> {
  const from = performance.now();
  const writer = LogWriter.open(path, { durability });
  if (sealed) writer.seal();
  for (let i = 0; i < events; i++) writer.write("train/step", data(i));
  const { lost } = await writer.close();
  if (sealed && writer.seal() === undefined) throw new Error("the log has no seal");
  if (lost > 0) throw new Error(`${lost} events were lost`);
  return events / (performance.now() - from) * 1000;
}

const rates: Record<string, number[]> = { plain: [], os: [], unsealed: [], event: [], disk: [] };
for (let round = 0; round <= ROUNDS; round++) {
  const now = {
    plain: plain(`${folder}/plain`),
    os: await logger(`${folder}/os${round}`, "os", EVENTS),
    unsealed: await logger(`${folder}/unsealed${round}`, "os", EVENTS, false),
    event: await logger(`${folder}/event${round}`, "event", EVENTS / 5),
    disk: await logger(`${folder}/disk${round}`, "disk", EVENTS / 5),
  };
  if (round > 0) { for (const [name, rate] of Object.entries(now)) rates[name].push(rate); }
}
await Deno.remove(folder, { recursive: true });
console.log(`logger, ${machine()}; medians of ${ROUNDS} rounds`);
const base = median(rates.plain);
for (const [name, list] of Object.entries(rates)) {
  console.log(
    `  ${name.padEnd(8)} ${(median(list) / 1e6).toFixed(2)} M events/s   ${(median(list) / base).toFixed(2)} of plain`,
  );
}
console.log(`  memory: ${Math.round(Deno.memoryUsage().rss / 2 ** 20)} MiB resident at the end`);
