// Writes logs until it is killed: arguments are the folder, the durability, and how many logs. For each log it notes in
// `<n>.ack`, by a write of its own, how many events `write` has accepted, so that the test knows what may not be lost.
import { type Durability, LogWriter } from "../../../lib/logger/log/log_writer.ts";
import { Random } from "../../format/random.ts";

const seeded = new Random(1);

const [folder, durability, count] = Deno.args;
const lanes = Array.from({ length: Number(count) }, (_, at) => ({
  writer: LogWriter.open(`${folder}/${at}.log.jsonl`, { durability: durability as Durability }),
  ack: Deno.openSync(`${folder}/${at}.ack`, { write: true, create: true }),
}));
const number = new BigUint64Array(1);
const bytes = new Uint8Array(number.buffer);
for (let i = 0;; i++) {
  for (const { writer, ack } of lanes) {
    writer.write(`train/epoch/${i}`, { i, loss: seeded.next(), text: "x".repeat(Math.floor(seeded.next() * 200)) });
    number[0] = BigInt(i + 1);
    ack.seekSync(0, Deno.SeekMode.Start);
    ack.writeSync(bytes);
  }
  if (i === 0) console.log("ready");
  if (i % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 0));
}
